-- Text to dates and times: what Snowflake recognizes without a format.
CREATE MACRO sf_epoch(x) AS
  CASE WHEN abs(x) < 31536000000 THEN make_timestamp(CAST(CAST(x AS DECIMAL(38, 6)) * 1000000 AS BIGINT))
    WHEN abs(x) < 31536000000000 THEN make_timestamp(CAST(CAST(x AS DECIMAL(38, 6)) * 1000 AS BIGINT))
    WHEN abs(x) < 31536000000000000 THEN make_timestamp(CAST(x AS BIGINT))
    ELSE make_timestamp(CAST(x // 1000 AS BIGINT)) END;
CREATE MACRO sf_epoch_scaled(x, scale) AS make_timestamp(CAST(CAST(x AS DECIMAL(38, 9)) * CAST(pow(10, 6 - scale) AS DECIMAL(18, 9)) AS BIGINT));
CREATE MACRO sf_without_zone(x) AS
  regexp_replace(trim(x), '(:\d{2}(?:\.\d+)?)\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$', '\1');
CREATE MACRO sf_with_zone(x) AS
  regexp_replace(regexp_replace(trim(x), '\s+(Z|[+-]\d{2}(?::?\d{2})?)$', '\1'), '([+-]\d{2})(\d{2})$', '\1:\2');
CREATE MACRO sf_try_parse_ntz(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN sf_epoch(TRY_CAST(x AS BIGINT))
    ELSE COALESCE(TRY_CAST(sf_without_zone(x) AS TIMESTAMP),
      try_strptime(regexp_replace(trim(x), '^([A-Z][a-z]{2}, .*:\d{2}) [+-]\d{4}$', '\1'), ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y', '%d-%b-%Y', '%d-%B-%Y', '%d-%b-%Y %H:%M:%S', '%a, %d %b %Y %H:%M:%S', '%Y-%m-%d %H', '%Y-%m-%dT%H'])) END;
CREATE MACRO sf_parse_ntz(x) AS
  CASE WHEN x IS NOT NULL AND sf_try_parse_ntz(x) IS NULL THEN sf_fault('#100035 22007 Timestamp ''' || x || ''' is not recognized', CAST(NULL AS TIMESTAMP))
    ELSE sf_try_parse_ntz(x) END;
CREATE MACRO sf_has_zone(x) AS regexp_matches(trim(x), ':\d{2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$');
CREATE MACRO sf_parse_zoned(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN timezone('UTC', sf_epoch(TRY_CAST(x AS BIGINT)))
    WHEN sf_has_zone(x) THEN CAST(sf_with_zone(x) AS TIMESTAMPTZ) ELSE CAST(sf_parse_ntz(x) AS TIMESTAMPTZ) END;
CREATE MACRO sf_try_parse_zoned(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN timezone('UTC', sf_epoch(TRY_CAST(x AS BIGINT)))
    WHEN sf_has_zone(x) THEN TRY_CAST(sf_with_zone(x) AS TIMESTAMPTZ) ELSE CAST(sf_try_parse_ntz(x) AS TIMESTAMPTZ) END;
CREATE MACRO sf_parse_date(x) AS
  CASE WHEN x IS NOT NULL AND sf_try_parse_ntz(x) IS NULL THEN sf_fault('#100040 22007 Date ''' || x || ''' is not recognized', CAST(NULL AS DATE))
    ELSE CAST(sf_try_parse_ntz(x) AS DATE) END;
CREATE MACRO sf_try_parse_date(x) AS CAST(sf_try_parse_ntz(x) AS DATE);
CREATE MACRO sf_try_parse_time(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN CAST(sf_epoch(TRY_CAST(x AS BIGINT)) AS TIME)
    ELSE COALESCE(TRY_CAST(trim(x) AS TIME), CAST(try_strptime(trim(x), ['%I:%M:%S %p', '%I:%M %p', '%H:%M']) AS TIME)) END;
CREATE MACRO sf_parse_time(x) AS
  CASE WHEN x IS NOT NULL AND sf_try_parse_time(x) IS NULL THEN sf_fault('#100108 22007 Time ''' || x || ''' is not recognized', CAST(NULL AS TIME))
    ELSE sf_try_parse_time(x) END;
CREATE MACRO sf_strptime(x, f, what, written) AS
  CASE WHEN x IS NOT NULL AND try_strptime(x, f) IS NULL
    THEN sf_fault('#100096 22007 Can''t parse ''' || x || ''' as ' || what || ' with format ''' || written || '''', CAST(NULL AS TIMESTAMP))
    ELSE try_strptime(x, f) END;
CREATE MACRO sf_months_between(a, b) AS CAST(
  (year(a) - year(b)) * 12 + month(a) - month(b)
  + CASE WHEN day(a) = day(b) OR (last_day(a) = CAST(a AS DATE) AND last_day(b) = CAST(b AS DATE)) THEN 0
    ELSE (day(a) - day(b) + (epoch(CAST(a AS TIME)) - epoch(CAST(b AS TIME))) / 86400) / 31 END AS DECIMAL(38, 6));
CREATE MACRO sf_weekday(x, start) AS CASE WHEN start = 0 THEN date_part('dow', x) ELSE (date_part('isodow', x) - start + 7) % 7 + 1 END;
-- `first` is the first day of the week: by policy 0 a week is of the year that has most of its days, by policy 1 the
-- first one is that of the 1st of January.
CREATE MACRO sf_week_year(x, first, policy) AS CASE WHEN policy = 1 THEN year(x) ELSE year(first + 3) END;
CREATE MACRO sf_week(x, first, policy) AS
  CASE WHEN policy = 1 THEN (date_diff('day', make_date(year(x), 1, 1), first) + 6) // 7 + 1 ELSE (dayofyear(first + 3) - 1) // 7 + 1 END;
CREATE MACRO sf_nanoseconds(x) AS date_part('microsecond', x) % 1000000 * 1000;
CREATE MACRO sf_stamp_of_parts(y, m, d, h, mi, s, n) AS
  make_timestamp(CAST(y AS BIGINT), 1, 1, 0, 0, 0.0) + to_months(CAST(m - 1 AS INTEGER)) + to_days(CAST(d - 1 AS INTEGER)) + to_hours(CAST(h AS BIGINT))
    + to_minutes(CAST(mi AS BIGINT)) + to_seconds(CAST(s AS BIGINT)) + to_microseconds(CAST(n // 1000 AS BIGINT));
CREATE MACRO sf_add_months(x, n) AS
  CASE WHEN last_day(x) = CAST(x AS DATE) THEN last_day(x + to_months(n)) + (CAST(x AS TIMESTAMP) - CAST(CAST(x AS DATE) AS TIMESTAMP))
    ELSE x + to_months(n) END;
CREATE MACRO sf_time_stamp(x) AS DATE '1970-01-01' + x;
CREATE MACRO sf_cut(x, size) AS make_timestamp(CAST(floor(epoch_us(CAST(x AS TIMESTAMP)) / size) AS BIGINT) * size);
CREATE MACRO sf_cut_zoned(x, size) AS timezone('UTC', sf_cut(timezone('UTC', x), size));
