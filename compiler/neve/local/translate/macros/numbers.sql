CREATE MACRO haversine(lat1, lon1, lat2, lon2) AS
  2 * 6371 * asin(sqrt(pow(sin(radians(lat2 - lat1) / 2), 2)
    + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2)));
CREATE MACRO width_bucket(x, low, high, buckets) AS
  CASE WHEN x < low THEN 0 WHEN x >= high THEN buckets + 1
    ELSE CAST(floor((x - low) * buckets / (high - low)) AS BIGINT) + 1 END;
CREATE MACRO sf_boolean(x) AS
  CASE lower(trim(x))
    WHEN 'true' THEN true WHEN 't' THEN true WHEN 'yes' THEN true WHEN 'y' THEN true WHEN 'on' THEN true WHEN '1' THEN true
    WHEN 'false' THEN false WHEN 'f' THEN false WHEN 'no' THEN false WHEN 'n' THEN false WHEN 'off' THEN false WHEN '0' THEN false
    ELSE CASE WHEN x IS NULL THEN NULL ELSE sf_fault('#100037 22018 Boolean value ''' || x || ''' is not recognized', true) END END;
CREATE MACRO sf_try_boolean(x) AS
  CASE WHEN lower(trim(x)) IN ('true', 't', 'yes', 'y', 'on', '1') THEN true
    WHEN lower(trim(x)) IN ('false', 'f', 'no', 'n', 'off', '0') THEN false END;
CREATE MACRO sf_random(seed, place) AS CAST((hash(seed, place) >> 1) AS BIGINT);
CREATE MACRO sf_uniform_int(low, high, random) AS CAST(low + abs(random % (high - low + 1)) AS BIGINT);
CREATE MACRO sf_uniform_float(low, high, random) AS low + (abs(random % 9007199254740992) / 9007199254740992.0::DOUBLE) * (high - low);
CREATE MACRO sf_normal(mean, deviation, random) AS
  mean + deviation * sqrt(-2 * ln((abs(random % 4294967296) + 1) / 4294967297.0::DOUBLE))
    * cos(2 * pi() * (abs((random // 4294967296) % 2147483648) / 2147483648.0::DOUBLE));
CREATE MACRO sf_any_random() AS CAST((random() - 0.5) * 18446744073709551615 AS BIGINT);
CREATE MACRO sf_hash(x) AS CAST(CASE WHEN x >= 9223372036854775808 THEN x::HUGEINT - 18446744073709551616 ELSE x END AS BIGINT);
CREATE MACRO sf_boolean_text(x) AS CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE') THEN CAST(CAST(x AS DOUBLE) <> 0 AS VARCHAR) ELSE x ->> '$' END;
CREATE MACRO sf_round_quotient(a, b) AS CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END * ((2 * abs(a) + abs(b)) // (2 * abs(b)));
-- A number of `ten` units as a whole number; a quotient is that of floats where those are exact enough.
CREATE MACRO sf_units(x, ten) AS CAST(trunc(x) AS HUGEINT) * ten + CAST((x - trunc(x)) * ten AS HUGEINT);
CREATE MACRO sf_small(a, b, most) AS abs(a) < most OR b = 0;
CREATE MACRO sf_divided(a, b, ten_a, ten_b, up, down, unit) AS
  CAST(sf_round_quotient(sf_units(a, ten_a) * up, sf_units(b, ten_b) * down) AS DECIMAL(38, 0)) * unit;
CREATE MACRO sf_changes(xs) AS CAST(len(list_filter(range(2, len(xs) + 1), lambda i: xs[i] <> xs[i - 1])) AS BIGINT);
CREATE MACRO sf_no_number(x) AS CASE WHEN x IS NULL THEN 0 ELSE sf_fault('#100038 22018 Numeric value ''' || x || ''' is not recognized', 0) END;
CREATE MACRO sf_hash_agg(h) AS CAST(COALESCE(sum(CAST(h >> 1 AS HUGEINT)) % 9223372036854775807, 0) AS BIGINT);
CREATE MACRO sf_round_at(x, n) AS round(x, n);
CREATE MACRO sf_trunc_at(x, n) AS trunc(x * pow(10, n)) / pow(10, n);
CREATE MACRO sf_floor_at(x, n) AS floor(x * pow(10, n)) / pow(10, n);
CREATE MACRO sf_ceil_at(x, n) AS ceil(x * pow(10, n)) / pow(10, n);
CREATE MACRO sf_place(x) AS CAST(x AS BIGINT) + 1;
