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
CREATE MACRO sf_parse_ntz(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN sf_epoch(TRY_CAST(x AS BIGINT))
    ELSE COALESCE(TRY_CAST(sf_without_zone(x) AS TIMESTAMP),
      try_strptime(trim(x), ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y', '%d-%b-%Y', '%d-%b-%Y %H:%M:%S', '%a, %d %b %Y %H:%M:%S']),
      CAST(sf_without_zone(x) AS TIMESTAMP)) END;
CREATE MACRO sf_try_parse_ntz(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN sf_epoch(TRY_CAST(x AS BIGINT))
    ELSE COALESCE(TRY_CAST(sf_without_zone(x) AS TIMESTAMP),
      try_strptime(trim(x), ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y', '%d-%b-%Y', '%d-%b-%Y %H:%M:%S', '%a, %d %b %Y %H:%M:%S'])) END;
CREATE MACRO sf_has_zone(x) AS regexp_matches(trim(x), ':\d{2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$');
CREATE MACRO sf_parse_zoned(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN timezone('UTC', sf_epoch(TRY_CAST(x AS BIGINT)))
    WHEN sf_has_zone(x) THEN CAST(sf_with_zone(x) AS TIMESTAMPTZ) ELSE CAST(sf_parse_ntz(x) AS TIMESTAMPTZ) END;
CREATE MACRO sf_try_parse_zoned(x) AS
  CASE WHEN regexp_full_match(trim(x), '-?\d+') THEN timezone('UTC', sf_epoch(TRY_CAST(x AS BIGINT)))
    WHEN sf_has_zone(x) THEN TRY_CAST(sf_with_zone(x) AS TIMESTAMPTZ) ELSE CAST(sf_try_parse_ntz(x) AS TIMESTAMPTZ) END;
CREATE MACRO sf_parse_date(x) AS CAST(sf_parse_ntz(x) AS DATE);
CREATE MACRO sf_try_parse_date(x) AS CAST(sf_try_parse_ntz(x) AS DATE);
CREATE MACRO sf_add_months(x, n) AS
  CASE WHEN last_day(x) = CAST(x AS DATE) THEN last_day(x + to_months(n)) + (CAST(x AS TIMESTAMP) - CAST(CAST(x AS DATE) AS TIMESTAMP))
    ELSE x + to_months(n) END;
CREATE MACRO sf_time_stamp(x) AS DATE '1970-01-01' + x;
