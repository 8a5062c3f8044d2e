"""VARIANT, OBJECT and ARRAY: what expressions give, over constants and over columns."""

from datetime import date, datetime

import pytest

pytestmark = pytest.mark.engine

LITERALS = [
    ("split('a,b', ',')", '[\n  "a",\n  "b"\n]'),
    ("regexp_replace('a1b2', '[0-9]', 'x')", "axbx"),
    ("regexp_replace('a1b2', '[0-9]')", "ab"),
    ("regexp_substr('abc123', '[0-9]+')", "123"),
    ('parse_json(\'{"a":{"b":[1,2]}}\'):a.b[1]::int', 2),
    ('parse_json(\'{"a":"x"}\'):a::string', "x"),
    ('parse_json(\'{"a":"x"}\'):a', '"x"'),
    ("parse_json('{\"a\":1}')['a']", "1"),
    ("parse_json('{\"a\":null}'):a::string", None),
    ('parse_json(\'{"b":1,"a":2}\')', '{\n  "a": 2,\n  "b": 1\n}'),
    ("get_path(parse_json('{\"a\":{\"b\":5}}'), 'a.b')", "5"),
    ("get(parse_json('[1,2]'), 1)", "2"),
    ("object_construct('a', 1, 'b', null)", '{\n  "a": 1\n}'),
    ("object_construct_keep_null('a', 1, 'b', null)", '{\n  "a": 1,\n  "b": null\n}'),
    ("array_construct(1, 'a')", '[\n  1,\n  "a"\n]'),
    ("array_size(array_construct(1,2))", 2),
    ("array_contains(2::variant, array_construct(1,2))", True),
    ("array_append(array_construct(1), 2)", "[\n  1,\n  2\n]"),
    ("array_cat([1], [2])", "[\n  1,\n  2\n]"),
    ("array_to_string(array_construct('a','b'), '-')", "a-b"),
    ("array_slice([1,2,3], 0, 2)", "[\n  1,\n  2\n]"),
    ("[1,2][0]", "1"),
    ("object_keys(parse_json('{\"a\":1}'))", '[\n  "a"\n]'),
    ("typeof(parse_json('1'))", "INTEGER"),
    ("typeof(parse_json('\"a\"'))", "VARCHAR"),
    ("is_array(parse_json('[]'))", True),
    ("to_json(parse_json('{\"a\": 1}'))", '{"a":1}'),
    ("parse_json('{\"a\": 1}')::string", '{"a":1}'),
    ("to_variant(5)", "5"),
    ("5::variant", "5"),
    ("'a'::variant", '"a"'),
    ("'a'::variant::string", "a"),
    ("as_integer(to_variant(5))", 5),
    ("try_parse_json('{')", None),
    ("object_insert(object_construct('a',1), 'b', 2)", '{\n  "a": 1,\n  "b": 2\n}'),
    ("object_delete(object_construct('a',1,'b',2), 'b')", '{\n  "a": 1\n}'),
    ("array_agg(1)", "[\n  1\n]"),
    ("strip_null_value(parse_json('null'))", None),
    ("is_null_value(parse_json('null'))", True),
    ("array_distinct([1,1])", "[\n  1\n]"),
    ("array_max([1,3])", "3"),
    ("array_sort([3,1])", "[\n  1,\n  3\n]"),
    ("array_position(2::variant, [1,2])", 1),
    ("array_compact([1,null])", "[\n  1\n]"),
    ("object_pick(object_construct('a',1,'b',2), 'a')", '{\n  "a": 1\n}'),
    ("check_json('{}')", None),
    ("parse_json('{\"a\":1}'):a + 1", 2.0),
    ("parse_json('{\"a\":1}'):a = 1", True),
    ("parse_json('{\"a\":\"x\"}'):a = 'x'", True),
    ('parse_json(\'{"A":{"b c":1}}\'):A."b c"::int', 1),
    ("to_array(5)", "[\n  5\n]"),
    ('upper(parse_json(\'{"a":"x"}\'):a)', "X"),
    ("object_agg('a', 1)", '{\n  "a": 1\n}'),
    ("array_generate_range(1,3)", "[\n  1,\n  2\n]"),
    ("array_intersection([1,2],[2])", "[\n  2\n]"),
    ('parse_json(\'{"t":"2024-03-11 10:00:00"}\'):t::timestamp', datetime(2024, 3, 11, 10, 0)),
    ("parse_json('{\"t\":1.5}'):t::float", 1.5),
    ("parse_json('{\"t\":true}'):t::boolean", True),
    ("array_unique_agg(1)", "[\n  1\n]"),
]

COLUMNS = [
    ("j:x", "1"),
    ("j:x::int", 1),
    ("j:y::string", "t"),
    ("j:y::varchar(3)", "t"),
    ("j:z[0]::int", 1),
    ("j['x']", "1"),
    ("j:x = 1", True),
    ("j:y = 't'", True),
    ("j:x + 1", 2.0),
    ("j:x * i", 7.0),
    ("j:nope is null", True),
    ("upper(j:y)", "T"),
    ("j:y || '!'", "t!"),
    ("concat(j:y, '!')", "t!"),
    ("a[0]::int", 1),
    ("a[0]", "1"),
    ("o:k::int", 1),
    ("array_size(a)", 2),
    ("array_contains(1::variant, a)", True),
    ("to_json(o)", '{"k":1}'),
    ("typeof(j:x)", "INTEGER"),
    ("array_agg(i)", "[\n  7\n]"),
    ("array_agg(i) within group (order by i desc)", "[\n  7\n]"),
    ("array_agg(distinct s)", '[\n  "abc"\n]'),
    ("array_agg(object_construct('i', i))", '[\n  {\n    "i": 7\n  }\n]'),
    ("object_construct('s', s, 'n', n, 'd', d)", '{\n  "d": "2024-03-11",\n  "n": 2.5,\n  "s": "abc"\n}'),
    ("object_agg(s, i::variant)", '{\n  "abc": 7\n}'),
    ("to_variant(d)", '"2024-03-11"'),
    ("d::variant::date", date(2024, 3, 11)),
    ("j::varchar", '{"x":1,"y":"t","z":[1,2]}'),
    ("split(s,'b')[0]::varchar", "a"),
]


@pytest.mark.parametrize(("expression", "expected"), LITERALS)
def test_of_constants(value, expression, expected):
    assert value(f"SELECT {expression}") == expected


@pytest.mark.parametrize(("expression", "expected"), COLUMNS)
def test_of_columns(value, expression, expected):
    assert value(f"SELECT {expression} FROM t") == expected
