-- Values as text, as Snowflake writes them.
CREATE MACRO sf_text_float(x) AS
  CASE WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR) ELSE CAST(x AS VARCHAR) END;
CREATE MACRO sf_offset(x) AS
  (CASE WHEN extract('timezone' FROM x) < 0 THEN '-' ELSE '+' END
   || lpad(CAST(abs(extract('timezone' FROM x)) // 3600 AS VARCHAR), 2, '0')
   || lpad(CAST(abs(extract('timezone' FROM x)) // 60 % 60 AS VARCHAR), 2, '0'));
CREATE MACRO sf_text_ntz(x) AS strftime(x, '%Y-%m-%d %H:%M:%S.%g');
CREATE MACRO sf_text_zoned(x) AS strftime(x, '%Y-%m-%d %H:%M:%S.%g') || ' ' || sf_offset(x);
CREATE MACRO sf_text_json(x) AS
  CASE WHEN json_type(x) IN ('OBJECT', 'ARRAY') THEN CAST(json(x) AS VARCHAR) ELSE x ->> '$' END;
CREATE MACRO sf_text_any(x) AS
  CASE typeof(x)
    WHEN 'DOUBLE' THEN sf_text_float(TRY_CAST(x AS DOUBLE))
    WHEN 'TIMESTAMP' THEN sf_text_ntz(TRY_CAST(x AS TIMESTAMP))
    WHEN 'TIMESTAMP WITH TIME ZONE' THEN sf_text_zoned(TRY_CAST(x AS TIMESTAMPTZ))
    WHEN 'JSON' THEN sf_text_json(TRY_CAST(x AS JSON))
    ELSE CAST(x AS VARCHAR) END;
CREATE MACRO initcap(x) AS
  array_to_string(list_transform(regexp_extract_all(x, '[[:alnum:]]+|[^[:alnum:]]+'),
    lambda s: upper(left(s, 1)) || lower(substring(s, 2))), '');
CREATE MACRO strtok(x, delimiters := ' ', place := 1) AS
  list_filter(regexp_split_to_array(x, '[' || regexp_replace(delimiters, '([\]\[\\^-])', '\\\1', 'g') || ']'), lambda s: s <> '')[place];
CREATE MACRO strtok_to_array(x, delimiters := ' ') AS
  to_json(list_filter(regexp_split_to_array(x, '[' || regexp_replace(delimiters, '([\]\[\\^-])', '\\\1', 'g') || ']'), lambda s: s <> ''));
CREATE MACRO sf_split(x, separator) AS to_json(string_split(x, separator));
CREATE MACRO octet_size(x) AS strlen(x);
CREATE MACRO regexp_instr(x, pattern) AS
  CASE WHEN regexp_matches(x, pattern) THEN strpos(x, regexp_extract(x, pattern)) ELSE 0 END;
CREATE MACRO hex_decode_string(x) AS decode(unhex(x));
CREATE MACRO base64_decode_string(x) AS decode(from_base64(x));
CREATE MACRO uuid_string() AS CAST(gen_random_uuid() AS VARCHAR);
CREATE MACRO to_utf8(x) AS encode(x);
