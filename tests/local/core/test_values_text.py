"""Text: what expressions give, over constants and over columns."""

import pytest

pytestmark = pytest.mark.engine

LITERALS = [
    ("1 = '1'", True),
    ("hex_encode('a')", "61"),
    ("concat('a', 'b')", "ab"),
    ("'a' || null", None),
    ("upper('abc')", "ABC"),
    ("initcap('hello world')", "Hello World"),
    ("length('abc')", 3),
    ("len('abc')", 3),
    ("substr('hello', 2, 3)", "ell"),
    ("substring('hello', -3, 2)", "ll"),
    ("left('hello', 2)", "he"),
    ("right('hello', 2)", "lo"),
    ("trim('  a ')", "a"),
    ("ltrim('xxa', 'x')", "a"),
    ("replace('aXbX', 'X')", "ab"),
    ("replace('abc', 'b', 'z')", "azc"),
    ("split_part('a-b-c', '-', 2)", "b"),
    ("split_part('a-b-c', '-', -1)", "c"),
    ("lpad('5', 3, '0')", "005"),
    ("rpad('a', 3, 'x')", "axx"),
    ("repeat('ab', 2)", "abab"),
    ("reverse('abc')", "cba"),
    ("position('b', 'abc')", 2),
    ("charindex('b', 'abc')", 2),
    ("contains('abc', 'b')", True),
    ("startswith('abc', 'a')", True),
    ("endswith('abc', 'c')", True),
    ("regexp_like('abc', 'a.*')", True),
    ("regexp_like('xabc', 'a.*')", False),
    ("regexp_instr('abc', 'b')", 2),
    ("'abc' rlike 'a.c'", True),
    ("'abc' like 'a%'", True),
    ("'ABC' ilike 'a%'", True),
    ("'abc' like any ('x%', 'a%')", True),
    ("md5('a')", "0cc175b9c0f1b6a831c399e269772661"),
    ("sha2('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ("translate('abc', 'ab', 'xy')", "xyc"),
    ("ascii('a')", 97),
    ("chr(97)", "a"),
    ("concat_ws('-', 'a', 'b')", "a-b"),
    ("strtok('a.b.c', '.', 2)", "b"),
    ("insert('abc', 2, 1, 'Z')", "aZc"),
    ("space(2)", "  "),
    ("to_varchar(5)", "5"),
    ("to_char(1.50)", "1.50"),
    ("5::varchar", "5"),
    ("1.0::float::varchar", "1"),
    ("true::varchar", "true"),
    ("base64_encode('a')", "YQ=="),
    ("base64_decode_string('YQ==')", "a"),
    ("editdistance('abc', 'abd')", 1),
    ("collate('a', 'en')", "a"),
    ("'a\\nb'", "a\nb"),
    ("$$a'b$$", "a'b"),
    ("unicode('a')", 97),
    ("bit_length('a')", 8),
    ("octet_length('é')", 2),
    ("jarowinkler_similarity('abc', 'abc')", 100),
    ("uuid_string() is not null", True),
    ("{'a': 1}:a::int", 1),
    ("to_binary('61', 'HEX')", b"a"),
    ("x'61'", b"a"),
    ("to_char(to_binary('61','HEX'), 'UTF-8')", "a"),
    ("hex_decode_string('61')", "a"),
    ("'x' in ('x', 'y')", True),
]

COLUMNS = [
    ("i::varchar", "7"),
    ("n::varchar", "2.50"),
    ("f::varchar", "1.5"),
    ("b::varchar", "true"),
    ("to_char(l,'YYYY-MM-DD TZH:TZM')", "2024-03-11 -07:00"),
    ("to_varchar(i)", "7"),
    ("s like 'a%'", True),
    ("length(s)", 3),
    ("length(i)", 1),
    ("s || i", "abc7"),
    ("concat(s, i)", "abc7"),
    ("concat_ws('-', s, i)", "abc-7"),
    ("trim(i)", "7"),
    ("tm::varchar", "10:20:30"),
    ("regexp_replace(s,'b','x')", "axc"),
    ("split_part(sd,'-',1)::int", 2024),
    ("sd in ('2024-03-11')", True),
    ("i::string || '%'", "7%"),
]
FORMATS = [
    ("1234.5", "9,999.00", " 1,234.50"),
    ("-1234.5", "9,999.00", "-1,234.50"),
    ("12", "0000", " 0012"),
    ("12", "FM0000", "0012"),
    ("12.345", "TM9", "12.345"),
    ("99999", "999", " ###"),
    ("0", "999", "   0"),
    ("0.5", "9.99", " 0.50"),
    ("12", "S99", "+12"),
    ("12::float", "$99.9", " $12.0"),
    ("-5", "99MI", " 5-"),
]


@pytest.mark.parametrize(("number", "form", "expected"), FORMATS)
def test_number_formats(value, number, form, expected):
    assert value(f"SELECT to_char({number}, '{form}')") == expected


@pytest.mark.parametrize(("expression", "expected"), LITERALS)
def test_of_constants(value, expression, expected):
    assert value(f"SELECT {expression}") == expected


@pytest.mark.parametrize(("expression", "expected"), COLUMNS)
def test_of_columns(value, expression, expected):
    assert value(f"SELECT {expression} FROM t") == expected
