-- VARIANT, OBJECT and ARRAY are JSON.
CREATE MACRO sf_parse_json(x) AS CASE WHEN trim(x) = '' THEN NULL ELSE CAST(x AS JSON) END;
CREATE MACRO sf_try_parse_json(x) AS CASE WHEN json_valid(x) THEN TRY_CAST(x AS JSON) END;
CREATE MACRO sf_get_index(x, i) AS CASE WHEN json_type(x) = 'ARRAY' AND i >= 0 THEN json_extract(x, '$[' || CAST(i AS VARCHAR) || ']') END;
CREATE MACRO sf_get_key(x, k) AS CASE WHEN json_type(x) = 'OBJECT' THEN json_extract(x, '$."' || k || '"') END;
CREATE MACRO sf_get_any(x, k) AS
  CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[' || CAST(k AS VARCHAR) || ']')
    ELSE json_extract(x, '$."' || CAST(k AS VARCHAR) || '"') END;
CREATE MACRO sf_get_path(x, path) AS json_extract(x, '$.' || path);
CREATE MACRO sf_list(x) AS CAST(x AS JSON[]);
CREATE MACRO sf_object(keys, vals) AS
  CAST('{' || array_to_string(list_transform(list_filter(list_zip(keys, vals), lambda p: p[1] IS NOT NULL AND p[2] IS NOT NULL),
    lambda p: CAST(to_json(p[1]) AS VARCHAR) || ':' || CAST(p[2] AS VARCHAR)), ',') || '}' AS JSON);
CREATE MACRO sf_object_all(keys, vals) AS
  CAST('{' || array_to_string(list_transform(list_filter(list_zip(keys, vals), lambda p: p[1] IS NOT NULL),
    lambda p: CAST(to_json(p[1]) AS VARCHAR) || ':' || COALESCE(CAST(p[2] AS VARCHAR), 'null')), ',') || '}' AS JSON);
CREATE MACRO sf_object_agg(keys, vals) AS sf_object(COALESCE(keys, []), COALESCE(vals, []));
CREATE MACRO sf_subobject(x, keys) AS
  CASE WHEN x IS NOT NULL THEN sf_object(keys, list_transform(keys, lambda k: json_extract(x, '$."' || k || '"'))) END;
CREATE MACRO sf_object_without(x, ks) AS sf_subobject(x, list_filter(json_keys(x), lambda k: NOT list_contains(ks, k)));
CREATE MACRO sf_object_with(x, ks) AS sf_subobject(x, list_filter(json_keys(x), lambda k: list_contains(ks, k)));
CREATE MACRO sf_object_insert(x, k, v) AS
  sf_object(list_append(json_keys(x), k), list_append(list_transform(json_keys(x), lambda n: json_extract(x, '$."' || n || '"')), v));
CREATE MACRO sf_typeof(x) AS
  CASE json_type(x) WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'DOUBLE' THEN 'DECIMAL'
    WHEN 'NULL' THEN 'NULL_VALUE' ELSE json_type(x) END;
CREATE MACRO sf_array_size(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END;
CREATE MACRO sf_array_contains(v, x) AS list_contains(sf_list(x), v);
CREATE MACRO sf_array_append(x, v) AS to_json(list_append(sf_list(x), v));
CREATE MACRO sf_array_prepend(x, v) AS to_json(list_prepend(v, sf_list(x)));
CREATE MACRO sf_array_cat(x, y) AS to_json(list_concat(sf_list(x), CASE WHEN x IS NOT NULL THEN sf_list(y) END));
CREATE MACRO sf_array_insert(x, i, v) AS
  to_json(list_concat(list_append(sf_list(x)[1:i], v), sf_list(x)[i + 1:]));
CREATE MACRO sf_array_remove(x, v) AS to_json(list_filter(sf_list(x), lambda e: e IS DISTINCT FROM v));
CREATE MACRO sf_array_slice(x, i, j) AS
  to_json(sf_list(x)[(CASE WHEN i < 0 THEN json_array_length(x) + i ELSE i END) + 1 : CASE WHEN j < 0 THEN json_array_length(x) + j ELSE j END]);
CREATE MACRO sf_array_distinct(x) AS
  to_json(list_filter(sf_list(x), lambda e, i: list_position(sf_list(x), e) = i));
CREATE MACRO sf_array_compact(x) AS to_json(list_filter(sf_list(x), lambda e: json_type(e) <> 'NULL'));
CREATE MACRO sf_array_position(v, x) AS CAST(NULLIF(list_position(sf_list(x), v), 0) - 1 AS BIGINT);
CREATE MACRO sf_array_to_string(x, separator) AS
  array_to_string(list_transform(sf_list(x), lambda e: COALESCE(sf_text_json(e), '')), separator);
CREATE MACRO sf_array_numbers(x) AS
  len(list_filter(sf_list(x), lambda e: json_type(e) NOT IN ('UBIGINT', 'BIGINT', 'DOUBLE'))) = 0;
CREATE MACRO sf_array_sort(x) AS
  CASE WHEN sf_array_numbers(x)
    THEN to_json(list_transform(list_sort(list_transform(sf_list(x), lambda e: {'n': TRY_CAST(e AS DOUBLE), 'e': e})), lambda s: s.e))
    ELSE to_json(list_sort(sf_list(x))) END;
CREATE MACRO sf_array_max(x) AS json_extract(sf_array_sort(sf_array_compact(x)), '$[#-1]');
CREATE MACRO sf_array_min(x) AS json_extract(sf_array_sort(sf_array_compact(x)), '$[0]');
CREATE MACRO sf_array_intersection(x, y) AS to_json(list_filter(sf_list(x), lambda e: list_contains(sf_list(y), e)));
CREATE MACRO sf_array_except(x, y) AS to_json(list_filter(sf_list(x), lambda e: NOT list_contains(sf_list(y), e)));
CREATE MACRO sf_arrays_overlap(x, y) AS len(list_filter(sf_list(x), lambda e: list_contains(sf_list(y), e))) > 0;
CREATE MACRO sf_array_flatten(x) AS
  to_json(flatten(list_transform(sf_list(x), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN CAST(e AS JSON[]) ELSE [e] END)));
CREATE MACRO sf_array_range(a, b, step) AS to_json(range(a, b, step));
CREATE MACRO sf_to_array(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN x WHEN x IS NOT NULL THEN to_json([x]) END;
CREATE MACRO sf_as_number(x) AS CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT') THEN CAST(x AS BIGINT) END;
CREATE MACRO sf_as_double(x) AS CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE') THEN CAST(x AS DOUBLE) END;
CREATE MACRO sf_as_text(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN x ->> '$' END;
CREATE MACRO sf_as_boolean(x) AS CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(x AS BOOLEAN) END;
CREATE MACRO sf_as_array(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN x END;
CREATE MACRO sf_as_object(x) AS CASE WHEN json_type(x) = 'OBJECT' THEN x END;
CREATE MACRO strip_null_value(x) AS CASE WHEN json_type(x) <> 'NULL' THEN x END;
CREATE MACRO sf_is(x, kind) AS sf_typeof(x) = kind;
CREATE MACRO check_json(x) AS CASE WHEN x IS NULL OR json_valid(x) THEN NULL ELSE 'not valid JSON' END;
CREATE MACRO sf_flatten(input) AS TABLE
  SELECT 1 AS "SEQ", CASE WHEN json_type(input) = 'OBJECT' THEN e.key END AS "KEY",
    CASE WHEN json_type(input) = 'OBJECT' THEN e.key ELSE '[' || e.key || ']' END AS "PATH",
    CASE WHEN json_type(input) = 'ARRAY' THEN CAST(e.key AS BIGINT) END AS "INDEX", e.value AS "VALUE", input AS "THIS"
  FROM json_each(CASE WHEN json_type(input) IN ('ARRAY', 'OBJECT') THEN input END) AS e;
CREATE MACRO sf_flatten_all(input) AS TABLE
  SELECT 1 AS "SEQ", CASE WHEN regexp_full_match(e.fullkey, '.*\]') THEN NULL ELSE e.key END AS "KEY",
    regexp_replace(e.fullkey, '^\$\.?', '') AS "PATH",
    CASE WHEN regexp_full_match(e.fullkey, '.*\]') THEN TRY_CAST(e.key AS BIGINT) END AS "INDEX", e.value AS "VALUE", input AS "THIS"
  FROM json_tree(input) AS e WHERE e.fullkey <> '$';
CREATE MACRO sf_split_to_table(input, separator) AS TABLE
  SELECT 1 AS "SEQ", CAST(p.i AS BIGINT) AS "INDEX", string_split(input, separator)[p.i] AS "VALUE"
  FROM range(1, len(string_split(input, separator)) + 1) AS p(i);
CREATE MACRO sf_object_with_values(x, ks) AS sf_object(ks, list_transform(ks, lambda k: NULLIF(json_extract(x, '$."' || k || '"'), 'null')));
