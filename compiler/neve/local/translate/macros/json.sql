-- VARIANT, OBJECT and ARRAY are JSON.
-- Whether DuckDB holds the text as it is: no fraction that Snowflake writes in another way, no comma with nothing behind
-- it, no key twice.
CREATE MACRO sf_json_is_plain(x, repeated) AS
  CASE WHEN json_valid(x) THEN NOT regexp_matches(x, '\d[eE][+-]?\d|\.\d*0(\D|$)|,\s*[\]}]')
    AND (repeated OR len(list_distinct(json_keys(x))) = len(json_keys(x))) ELSE false END;
CREATE MACRO sf_parse_json(x, repeated) AS
  CASE WHEN regexp_full_match(x, '\s*') THEN NULL WHEN sf_json_is_plain(x, repeated) THEN CAST(x AS JSON)
    ELSE CAST(sf_json_parsed(x, repeated) AS JSON) END;
CREATE MACRO sf_try_parse_json(x, repeated) AS
  CASE WHEN regexp_full_match(x, '\s*') THEN NULL WHEN sf_json_is_plain(x, repeated) THEN CAST(x AS JSON)
    ELSE CAST(sf_json_tried(x, repeated) AS JSON) END;
CREATE MACRO sf_parse_json_apart(x, repeated) AS list_transform([x], lambda e: sf_parse_json(e, repeated))[1];
CREATE MACRO sf_try_parse_json_apart(x, repeated) AS list_transform([x], lambda e: sf_try_parse_json(e, repeated))[1];
CREATE MACRO sf_text_json_apart(x) AS list_transform([x], lambda e: sf_text_json(e))[1];
CREATE MACRO sf_text_number_apart(x) AS list_transform([x], lambda e: sf_text_number(e))[1];
CREATE MACRO sf_get_index(x, i) AS CASE WHEN json_type(x) = 'ARRAY' AND i >= 0 THEN json_extract(x, '$[' || CAST(i AS VARCHAR) || ']') END;
CREATE MACRO sf_get_key(x, k) AS CASE WHEN json_type(x) = 'OBJECT' THEN json_extract(x, '$."' || k || '"') END;
CREATE MACRO sf_get_any(x, k) AS
  CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[' || CAST(k AS VARCHAR) || ']')
    ELSE json_extract(x, '$."' || CAST(k AS VARCHAR) || '"') END;
CREATE MACRO sf_get_path(x, path) AS json_extract(x, '$.' || path);
CREATE MACRO sf_array_of(xs) AS CAST('[' || array_to_string(list_transform(xs, lambda e: COALESCE(CAST(e AS VARCHAR), 'null')), ',') || ']' AS JSON);
CREATE MACRO sf_list(x) AS CAST(x AS JSON[]);
CREATE MACRO sf_sort_key(x) AS CASE WHEN x IS NOT NULL THEN {'n': CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT')
  THEN TRY_CAST(x AS DOUBLE) END, 't': CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') THEN NULL ELSE CAST(x AS VARCHAR) END} END;
CREATE MACRO sf_object(keys, vals) AS
  CAST('{' || array_to_string(list_transform(list_filter(list_sort(list_zip(keys, vals)), lambda p: p[1] IS NOT NULL AND p[2] IS NOT NULL),
    lambda p: CAST(to_json(p[1]) AS VARCHAR) || ':' || CAST(p[2] AS VARCHAR)), ',') || '}' AS JSON);
CREATE MACRO sf_object_all(keys, vals) AS
  CAST('{' || array_to_string(list_transform(list_filter(list_sort(list_zip(keys, vals)), lambda p: p[1] IS NOT NULL),
    lambda p: CAST(to_json(p[1]) AS VARCHAR) || ':' || COALESCE(CAST(p[2] AS VARCHAR), 'null')), ',') || '}' AS JSON);
CREATE MACRO sf_object_agg(keys, vals) AS sf_object(COALESCE(keys, []), COALESCE(vals, []));
CREATE MACRO sf_subobject(x, keys) AS
  CASE WHEN x IS NOT NULL THEN sf_object(keys, list_transform(keys, lambda k: json_extract(x, '$."' || k || '"'))) END;
CREATE MACRO sf_object_without(x, ks) AS sf_subobject(x, list_filter(json_keys(x), lambda k: NOT list_contains(ks, k)));
CREATE MACRO sf_object_with(x, ks) AS sf_subobject(x, list_filter(json_keys(x), lambda k: list_contains(ks, k)));
CREATE MACRO sf_object_cat(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN sf_object(
  list_concat(list_filter(json_keys(x), lambda k: NOT list_contains(json_keys(y), k)), json_keys(y)),
  list_concat(list_transform(list_filter(json_keys(x), lambda k: NOT list_contains(json_keys(y), k)), lambda k: json_extract(x, '$."' || k || '"')),
    list_transform(json_keys(y), lambda k: json_extract(y, '$."' || k || '"')))) END;
CREATE MACRO sf_object_insert(x, k, v, replaces) AS
  CASE WHEN list_contains(json_keys(x), k) AND NOT replaces
    THEN sf_fault(concat('#100097 22000 Duplicate field key ''', k, '''', left(concat(CAST(x AS VARCHAR), CAST(v AS VARCHAR)), 0)), CAST(NULL AS JSON))
    WHEN v IS NULL THEN sf_subobject(x, list_filter(json_keys(x), lambda n: n <> k OR NOT replaces))
    ELSE sf_object(list_append(list_filter(json_keys(x), lambda n: n <> k), k),
      list_append(list_transform(list_filter(json_keys(x), lambda n: n <> k), lambda n: json_extract(x, '$."' || n || '"')), v)) END;
CREATE MACRO sf_typeof(x) AS
  CASE json_type(x) WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER'
    WHEN 'DOUBLE' THEN CASE WHEN contains(CAST(x AS VARCHAR), 'e') THEN 'DOUBLE'
      WHEN contains(CAST(x AS VARCHAR), '.') THEN 'DECIMAL' ELSE 'INTEGER' END
    WHEN 'NULL' THEN 'NULL_VALUE' ELSE json_type(x) END;
CREATE MACRO sf_array_size(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END;
CREATE MACRO sf_array_contains(v, x) AS list_contains(list_transform(sf_list(x), lambda e: sf_sort_key(e)), sf_sort_key(v));
CREATE MACRO sf_array_append(x, v) AS CASE WHEN x IS NOT NULL THEN to_json(list_append(sf_list(x), v)) END;
CREATE MACRO sf_array_prepend(x, v) AS CASE WHEN x IS NOT NULL THEN to_json(list_prepend(v, sf_list(x))) END;
CREATE MACRO sf_array_cat(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN to_json(list_concat(sf_list(x), sf_list(y))) END;
CREATE MACRO sf_from_end(x, i) AS CASE WHEN i < 0 THEN json_array_length(x) + i ELSE i END;
CREATE MACRO sf_array_insert(x, i, v) AS CASE WHEN x IS NOT NULL AND i IS NOT NULL THEN
  to_json(list_concat(list_append(sf_list(x)[1:sf_from_end(x, i)], v), sf_list(x)[sf_from_end(x, i) + 1:])) END;
CREATE MACRO sf_array_remove_at(x, i) AS CASE WHEN x IS NOT NULL AND i IS NOT NULL THEN
  to_json(list_filter(sf_list(x), lambda e, k: k - 1 <> sf_from_end(x, i))) END;
CREATE MACRO sf_array_reverse(x) AS to_json(list_reverse(sf_list(x)));
CREATE MACRO sf_array_remove(x, v) AS CASE WHEN v IS NOT NULL THEN
  to_json(list_filter(sf_list(x), lambda e: e IS NULL OR sf_sort_key(e) IS DISTINCT FROM sf_sort_key(v))) END;
CREATE MACRO sf_array_slice(x, i, j) AS
  to_json(sf_list(x)[(CASE WHEN i < 0 THEN json_array_length(x) + i ELSE i END) + 1 : CASE WHEN j < 0 THEN json_array_length(x) + j ELSE j END]);
CREATE MACRO sf_array_distinct(x) AS
  to_json(list_filter(sf_list(x), lambda e, i: len(list_filter(sf_list(x)[1:i - 1], lambda f: f IS NOT DISTINCT FROM e)) = 0));
CREATE MACRO sf_array_compact(x) AS to_json(list_filter(sf_list(x), lambda e: json_type(e) <> 'NULL'));
CREATE MACRO sf_array_position(v, x) AS
  CAST(NULLIF(list_position(list_transform(sf_list(x), lambda e: sf_sort_key(e)), sf_sort_key(v)), 0) - 1 AS BIGINT);
CREATE MACRO sf_listed(texts, separator) AS
  CASE WHEN len(texts) > 0 THEN list_reduce(texts, lambda a, b: a || separator || b) WHEN texts IS NOT NULL AND separator IS NOT NULL THEN '' END;
CREATE MACRO sf_array_to_string(x, separator) AS
  sf_listed(list_transform(sf_list(x), lambda e: COALESCE(sf_text_json(e), '')), separator);
CREATE MACRO sf_array_sort(x, ascending, nulls_first) AS CAST(sf_json_sorted(CAST(x AS VARCHAR), ascending, nulls_first) AS JSON);
CREATE MACRO sf_array_max(x) AS NULLIF(json_extract(sf_array_sort(x, true, true), '$[#-1]'), 'null');
CREATE MACRO sf_array_min(x) AS NULLIF(json_extract(sf_array_sort(x, true, false), '$[0]'), 'null');
CREATE MACRO sf_times(list, e) AS len(list_filter(list, lambda f: f IS NOT DISTINCT FROM e));
CREATE MACRO sf_array_intersection(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN
  to_json(list_filter(sf_list(x), lambda e, i: sf_times(sf_list(x)[1:i], e) <= sf_times(sf_list(y), e))) END;
CREATE MACRO sf_array_except(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN
  to_json(list_filter(sf_list(x), lambda e, i: sf_times(sf_list(x)[1:i], e) > sf_times(sf_list(y), e))) END;
CREATE MACRO sf_arrays_overlap(x, y) AS len(list_filter(sf_list(x), lambda e: sf_times(sf_list(y), e) > 0)) > 0;
CREATE MACRO sf_array_flatten(x) AS
  to_json(flatten(list_transform(sf_list(x), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN CAST(e AS JSON[]) ELSE [e] END)));
CREATE MACRO sf_array_range(a, b, step) AS to_json(range(a, b, step));
CREATE MACRO sf_to_array(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN x WHEN x IS NOT NULL THEN to_json([x]) END;
CREATE MACRO sf_to_object(x) AS CASE WHEN x IS NULL OR json_type(x) IN ('OBJECT', 'NULL') THEN x
  WHEN json_type(x) = 'VARCHAR' AND json_type(sf_try_parse_json(x ->> '$', false)) = 'OBJECT' THEN sf_try_parse_json(x ->> '$', false)
  ELSE sf_fault('#100071 22000 Failed to cast variant value ' || CAST(x AS VARCHAR) || ' to OBJECT', x) END;
CREATE MACRO sf_as_number(x) AS CASE WHEN sf_typeof(x) IN ('INTEGER', 'DECIMAL') THEN TRY_CAST(x AS DECIMAL(38, 10)) END;
CREATE MACRO sf_as_double(x) AS CASE WHEN sf_typeof(x) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CAST(x AS DOUBLE) END;
CREATE MACRO sf_as_text(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN x ->> '$' END;
CREATE MACRO sf_as_boolean(x) AS CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(x AS BOOLEAN) END;
CREATE MACRO sf_as_array(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN x END;
CREATE MACRO sf_as_object(x) AS CASE WHEN json_type(x) = 'OBJECT' THEN x END;
CREATE MACRO strip_null_value(x) AS CASE WHEN json_type(x) <> 'NULL' THEN x END;
CREATE MACRO sf_is(x, kinds) AS list_contains(kinds, sf_typeof(x));
CREATE MACRO check_json(x) AS CASE WHEN regexp_full_match(x, '\s*') THEN NULL ELSE sf_json_checked(x) END;
CREATE MACRO sf_elements(input, prefix, kinds) AS
  CASE WHEN NOT list_contains(kinds, json_type(input)) THEN []
    WHEN json_type(input) = 'ARRAY' THEN list_transform(range(0, CAST(json_array_length(input) AS BIGINT)), lambda i: {
      'k': CAST(NULL AS VARCHAR), 'p': prefix || '[' || i || ']', 'i': i, 'v': json_extract(input, '$[' || i || ']')})
    WHEN json_type(input) = 'OBJECT' THEN list_transform(list_sort(json_keys(input)), lambda k: {
      'k': k, 'p': CASE WHEN prefix = '' THEN k ELSE prefix || '.' || k END, 'i': CAST(NULL AS BIGINT), 'v': json_extract(input, '$."' || k || '"')})
    ELSE [] END;
CREATE MACRO sf_or_one(elements, kept) AS
  CASE WHEN kept AND (elements IS NULL OR len(elements) = 0)
    THEN [{'k': CAST(NULL AS VARCHAR), 'p': '', 'i': CAST(NULL AS BIGINT), 'v': CAST(NULL AS JSON)}] ELSE elements END;
-- FROM range(…) is one row that DuckDB takes for many: so it keeps the order of the rows left of a lateral join, and of
-- their elements.
CREATE MACRO sf_flatten(input, prefix, kinds, kept) AS TABLE
  SELECT 1 AS "SEQ", _neve_e.k AS "KEY", _neve_e.p AS "PATH", _neve_e.i AS "INDEX", _neve_e.v AS "VALUE", input AS "THIS"
  FROM (SELECT unnest(sf_or_one(sf_elements(input, prefix, kinds), kept)) AS _neve_e FROM range(1000000) AS _neve_r(_neve_i) WHERE _neve_i < 1);
CREATE MACRO sf_flatten_all(input, prefix, kinds, kept) AS TABLE
  SELECT 1 AS "SEQ", CASE WHEN regexp_full_match(_neve_e.fullkey, '.*\]') THEN NULL ELSE _neve_e.key END AS "KEY",
    ltrim(prefix || regexp_replace(replace(_neve_e.fullkey, '"', ''), '^\$', ''), '.') AS "PATH",
    CASE WHEN regexp_full_match(_neve_e.fullkey, '.*\]') THEN TRY_CAST(_neve_e.key AS BIGINT) END AS "INDEX", _neve_e.value AS "VALUE",
    json_extract(input, _neve_e.path) AS "THIS"
  FROM json_tree(input) AS _neve_e
  WHERE _neve_e.fullkey <> '$' AND list_contains(kinds, CASE WHEN regexp_full_match(_neve_e.fullkey, '.*\]') THEN 'ARRAY' ELSE 'OBJECT' END)
    AND (len(kinds) = 2 OR NOT regexp_matches(_neve_e.path, CASE WHEN kinds[1] = 'OBJECT' THEN '\]' ELSE '\.' END))
  UNION ALL SELECT 1, NULL, '', NULL, NULL, input WHERE kept AND COALESCE(json_type(input) NOT IN ('ARRAY', 'OBJECT') OR input IN ('[]', '{}'), true);
CREATE MACRO sf_split_to_table(input, separator) AS TABLE
  SELECT 1 AS "SEQ", CAST(_neve_e.i AS BIGINT) AS "INDEX", _neve_e.v AS "VALUE" FROM (SELECT unnest(sf_numbered(string_split(input, separator))) AS _neve_e FROM range(1000000) AS _neve_r(_neve_i) WHERE _neve_i < 1);
CREATE MACRO sf_object_with_values(x, ks) AS sf_object(ks, list_transform(ks, lambda k: NULLIF(json_extract(x, '$."' || k || '"'), 'null')));
CREATE MACRO sf_arrays_to_object(keys, vals) AS CAST(sf_json_object_of(CAST(keys AS VARCHAR), CAST(vals AS VARCHAR)) AS JSON);
CREATE MACRO sf_get_ignore_case(x, k) AS CAST(sf_json_get_ignore_case(CAST(x AS VARCHAR), k) AS JSON);
CREATE MACRO sf_variant_float(x) AS CAST(format('{:.15e}', x) AS JSON);
CREATE MACRO sf_variant_decimal(x) AS CAST(CASE WHEN contains(CAST(x AS VARCHAR), '.') THEN rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')
  ELSE CAST(x AS VARCHAR) END AS JSON);
CREATE MACRO sf_json_number(x) AS
  CASE WHEN typeof(x) = 'DOUBLE' AND TRY_CAST(x AS DOUBLE) = trunc(TRY_CAST(x AS DOUBLE)) AND abs(TRY_CAST(x AS DOUBLE)) < 1e15
    THEN to_json(TRY_CAST(x AS BIGINT)) ELSE to_json(x) END;
CREATE MACRO sf_top(counts, k) AS to_json(list_transform(
  list_sort(list_transform(map_entries(counts), lambda e: {'n': -CAST(e.value AS BIGINT), 'v': e.key}))[1:k],
  lambda e: [e.v, to_json(-e.n)]));
CREATE MACRO sf_from_variant(value, held, kind) AS
  CASE WHEN value IS NULL AND json_type(held) <> 'NULL'
    THEN sf_fault('#100071 22000 Failed to cast variant value ' || CAST(held AS VARCHAR) || ' to ' || kind, value) ELSE value END;
CREATE MACRO map_size(x) AS CAST(len(json_keys(x)) AS BIGINT);
CREATE MACRO sf_union_two(x, y) AS
  list_concat(x, list_filter(y, lambda e, i: sf_times(y[1:i], e) > sf_times(x, e)));
CREATE MACRO sf_array_union_agg(lists) AS
  to_json(list_reduce(list_transform(lists, lambda l: CAST(l AS JSON[])), lambda a, b: sf_union_two(a, b), CAST([] AS JSON[])));
