-- Ends the statement with an error. DuckDB takes error() for something that differs from row to row, by which it refuses
-- to order, to number, or to name in another column what could fail; a cast may fail anywhere.
-- What is constant is worked out beforehand: a message has to mention all that may differ from row to row.
CREATE MACRO sf_fault(message, otherwise) AS CASE WHEN CAST(message AS INTEGER) = 0 THEN otherwise END;
-- Values as text, as Snowflake writes them.
CREATE MACRO sf_text_float(x) AS
  CASE WHEN x = trunc(x) AND abs(x) < 1e16 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
    WHEN isfinite(x) THEN format('{:.10g}', x) ELSE CAST(x AS VARCHAR) END;
CREATE MACRO sf_offset(x) AS
  (CASE WHEN extract('timezone' FROM x) < 0 THEN '-' ELSE '+' END
   || lpad(CAST(abs(extract('timezone' FROM x)) // 3600 AS VARCHAR), 2, '0')
   || lpad(CAST(abs(extract('timezone' FROM x)) // 60 % 60 AS VARCHAR), 2, '0'));
CREATE MACRO sf_joined(a, b) AS a || b;
CREATE MACRO sf_offset_of(minutes) AS (CASE WHEN minutes < 0 THEN '-' ELSE '+' END
   || lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0'));
CREATE MACRO sf_offset_between(utc, clock) AS sf_offset_of(date_diff('minute', utc, clock));
CREATE MACRO sf_timezone_hour(o) AS CAST(left(o, 3) AS BIGINT);
CREATE MACRO sf_timezone_minute(o) AS CAST(left(o, 1) || right(o, 2) AS BIGINT);
CREATE MACRO sf_text_ntz(x) AS strftime(x, '%Y-%m-%d %H:%M:%S.%g');
CREATE MACRO sf_text_zoned(x) AS strftime(x, '%Y-%m-%d %H:%M:%S.%g') || ' ' || sf_offset(x);
CREATE MACRO sf_text_json(x) AS
  CASE json_type(x) WHEN 'OBJECT' THEN sf_json_ordered(CAST(x AS VARCHAR)) WHEN 'ARRAY' THEN sf_json_ordered(CAST(x AS VARCHAR))
    WHEN 'DOUBLE' THEN CASE WHEN contains(CAST(x AS VARCHAR), 'e') THEN sf_text_float(TRY_CAST(x AS DOUBLE)) ELSE regexp_replace(CAST(x AS VARCHAR), '\.0$', '') END
    ELSE x ->> '$' END;
CREATE MACRO sf_text_number(x) AS CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(CAST(CAST(x AS BOOLEAN) AS INTEGER) AS VARCHAR) ELSE sf_text_json(x) END;
CREATE MACRO sf_text_any(x) AS
  CASE typeof(x)
    WHEN 'DOUBLE' THEN sf_text_float(TRY_CAST(x AS DOUBLE))
    WHEN 'TIMESTAMP' THEN sf_text_ntz(TRY_CAST(x AS TIMESTAMP))
    WHEN 'TIMESTAMP WITH TIME ZONE' THEN sf_text_zoned(TRY_CAST(x AS TIMESTAMPTZ))
    WHEN 'JSON' THEN sf_text_json(TRY_CAST(x AS JSON))
    ELSE CAST(x AS VARCHAR) END;
CREATE MACRO sf_split(x, separator) AS to_json(CASE WHEN separator = '' THEN [x] ELSE string_split(x, separator) END);
CREATE MACRO base64_decode_string(x) AS decode(from_base64(x));
CREATE MACRO to_utf8(x) AS encode(x);
CREATE MACRO sf_substr_from(x, start) AS CASE WHEN abs(start) <= length(x) OR start > 0 THEN substring(x, start) ELSE '' END;
CREATE MACRO sf_substr(x, start, n) AS
  CASE WHEN n <= 0 OR start < -length(x) THEN '' ELSE substring(x, CASE WHEN start = 0 THEN 1 ELSE start END, n) END;
CREATE MACRO sf_lpad(x, n, filler) AS CASE WHEN n <= 0 THEN '' WHEN filler = '' THEN left(x, n) ELSE lpad(x, n, filler) END;
CREATE MACRO sf_rpad(x, n, filler) AS CASE WHEN n <= 0 THEN '' WHEN filler = '' THEN left(x, n) ELSE rpad(x, n, filler) END;
CREATE MACRO sf_fitting(x, n) AS
  CASE WHEN length(x) > n THEN sf_fault('#100078 22000 String ''' || x || ''' is too long and would be truncated', x) ELSE x END;
CREATE MACRO sf_bytes(x, start, n) AS unhex(substring(hex(x), 2 * CAST(start AS INTEGER) - 1, 2 * CAST(n AS INTEGER)));
CREATE MACRO sf_bits(x) AS 8 * octet_length(CASE typeof(x) WHEN 'BLOB' THEN TRY_CAST(x AS BLOB) ELSE encode(CAST(x AS VARCHAR)) END);
CREATE MACRO sf_try_unhex(x) AS CASE WHEN regexp_full_match(x, '([0-9A-Fa-f]{2})*') THEN unhex(x) END;
CREATE MACRO sf_try_base64(x) AS
  CASE WHEN regexp_full_match(x, '([0-9A-Za-z+/]{4})*([0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?') THEN from_base64(x) END;
CREATE MACRO sf_try_utf8(x) AS TRY(decode(x));
CREATE MACRO sf_md5_upper(x) AS CAST('0x' || left(md5(x), 16) AS UBIGINT);
CREATE MACRO sf_md5_lower(x) AS CAST('0x' || right(md5(x), 16) AS UBIGINT);
CREATE MACRO sf_numbered(parts) AS list_transform(parts, lambda p, i: {'i': i, 'v': p});
CREATE MACRO sf_strtok_to_table(input, delimiters) AS TABLE
  SELECT 1 AS "SEQ", CAST(_neve_e.i AS BIGINT) AS "INDEX", _neve_e.v AS "VALUE"
  FROM (SELECT unnest(sf_numbered(sf_tokens(input, delimiters))) AS _neve_e FROM range(1000000) AS _neve_r(_neve_i) WHERE _neve_i < 1);
