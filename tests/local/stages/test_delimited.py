"""Files of delimited text: what file formats say of them, and what is in them."""

import datetime as dt

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def session(engine):
    session = engine.open_session()
    session.execute("create or replace database delimited")
    session.execute("create stage st")
    return session


@pytest.fixture
def load(session):
    """Loads a content into a new table with these columns, by a CSV format with these options; gives its rows."""

    def loaded(content, options="", columns="a string, b string", more=""):
        raw = content if isinstance(content, bytes) else content.encode()
        (location(session, "@st").folder / "file.csv").write_bytes(raw)
        session.execute(f"create or replace table t ({columns})")
        session.execute(f"copy into t from @st files = ('file.csv') file_format = (type = csv {options}) {more}")
        return session.execute("select * from t").rows

    return loaded


@pytest.mark.parametrize(
    ("name", "codec"),
    [("ISO-8859-1", "latin-1"), ("iso88591", "latin-1"), ("WINDOWS1252", "cp1252"), ("UTF-16", "utf-16"),
     ("UTF-16LE", "utf-16-le"), ("SHIFTJIS", "shift-jis"), ("UTF8", "utf-8"), ("UTF-8", "utf-8-sig")],
)  # fmt: skip
def test_a_file_is_read_in_its_encoding(load, name, codec):
    texts = ("ソ", "表") if name == "SHIFTJIS" else ("é", "ü")
    assert load(",".join(texts).encode(codec), f"encoding = '{name}'") == [texts]


def test_an_encoding_that_is_not_known_is_refused(session):
    with pytest.raises(SqlError, match=r"invalid value \[LATIN\] for parameter 'ENCODING'"):
        session.execute("create file format f type = csv encoding = 'LATIN'")


def test_bytes_that_are_no_utf8_are_refused_or_replaced(load):
    with pytest.raises(SqlError, match=r"^100144 \(22000\): Invalid UTF8 detected in string '0xE9'"):
        load(b"\xe9,x")
    assert load(b"\xe9,x", "replace_invalid_characters = true") == [("\ufffd", "x")]


@pytest.mark.parametrize(
    ("content", "options", "rows"),
    [
        (" a , b \n", "", [(" a ", " b ")]),
        (" a , b \n", "trim_space = true", [("a", "b")]),
        (' "a" , " b "\n', "trim_space = true field_optionally_enclosed_by = '\"'", [("a", " b ")]),
        ("a,b|c,d|", "record_delimiter = '|'", [("a", "b"), ("c", "d")]),
        ("a,b\r\nc,d\r\n", "", [("a", "b"), ("c", "d")]),
        ("a||b|c\n", "field_delimiter = '||'", [("a", "b|c")]),
        ("a\x01b\n", r"field_delimiter = '\\x01'", [("a", "b")]),
        ("a\x01b\n", r"field_delimiter = '\\001'", [("a", "b")]),
        ("a\x01b\n", "field_delimiter = '0x01'", [("a", "b")]),
        ("a\tb\n", r"field_delimiter = '\t'", [("a", "b")]),
        ("a\\,b,c\n", "", [("a,b", "c")]),
        ("a\\,c\n", "escape_unenclosed_field = none", [("a\\", "c")]),
        ('"a\\"b",c\n', r"""escape = '\\' field_optionally_enclosed_by = '"'""", [('a"b', "c")]),
        ('"{""k"": ""v\\n""}",c\n', "field_optionally_enclosed_by = '\"'", [('{"k": "v\\n"}', "c")]),
        ('"a\nb",c\n', "field_optionally_enclosed_by = '\"'", [("a\nb", "c")]),
        ('"",\n', "field_optionally_enclosed_by = '\"'", [("", None)]),
        ("a,\n", "", [("a", None)]),
        ("a,\n", "empty_field_as_null = false", [("a", "")]),
        ("\\N,NA\n", "", [(None, "NA")]),
        ("\\N,NA\n", "null_if = ('NA') escape_unenclosed_field = none", [("\\N", None)]),
        ("NA,\n", "null_if = () empty_field_as_null = false", [("NA", "")]),
        ("#a,b\nc,d\n", "", [("#a", "b"), ("c", "d")]),
        ("a,b\n\nc,d\n", "skip_blank_lines = true", [("a", "b"), ("c", "d")]),
        ("one\ntwo\na,b\n", "skip_header = 2", [("a", "b")]),
        ("one\ntwo\n a,b\n", "skip_header = 2 trim_space = true", [("a", "b")]),
    ],
)
def test_what_a_file_format_says_is_done(load, content, options, rows):
    assert load(content, options) == rows


@pytest.mark.parametrize("content", ["a,b,c\nd,e,f\n", "a,b\nc,d,e\n"])
def test_records_that_are_too_long_are_refused_or_cut(load, content):
    with pytest.raises(SqlError, match=r"^100080 \(22000\): Number of columns in file \(3\) does not match that of"):
        load(content)
    rows = load(content, "error_on_column_count_mismatch = false")
    assert rows == [tuple(line.split(",")[:2]) for line in content.splitlines()]


def test_records_that_are_too_short_are_refused_or_filled(load):
    with pytest.raises(SqlError, match=r"Number of columns in file \(1\) does not match .* table \(2\)"):
        load("a,b\nc\n")
    with pytest.raises(SqlError, match=r"Number of columns in file \(1\) does not match .* table \(2\)"):
        load("a,b\n\n")
    assert load("a,b\nc\n", "error_on_column_count_mismatch = false") == [("a", "b"), ("c", None)]
    assert load("a,b\nc\nd,e\n", more="on_error = continue") == [("a", "b"), ("d", "e")]


@pytest.mark.parametrize(
    ("text", "options", "column", "value"),
    [
        ("31/12/2024", "date_format = 'DD/MM/YYYY'", "date", dt.date(2024, 12, 31)),
        ("10-11-12", "time_format = 'HH24-MI-SS'", "time", dt.time(10, 11, 12)),
        ("31/12/2024 10:11", "timestamp_format = 'DD/MM/YYYY HH24:MI'", "timestamp",
         dt.datetime(2024, 12, 31, 10, 11)),
        ("aGVsbG8=", "binary_format = base64", "binary", b"hello"),
        ("hello", "binary_format = 'UTF-8'", "binary", b"hello"),
        ("68656c6c6f", "", "binary", b"hello"),
    ],
)  # fmt: skip
def test_values_are_read_in_the_format_of_the_file(load, text, options, column, value):
    assert load(f"{text},x", options, f"a {column}, b string") == [(value, "x")]


@pytest.mark.parametrize("option", ["field_delimiter = '0xZZ'", "escape = 'ab'", "field_optionally_enclosed_by = 'ab'"])
def test_what_is_no_character_is_refused(session, option):
    with pytest.raises(SqlError, match=r"^001006 \(22023\): SQL compilation error:\ninvalid value \["):
        session.execute(f"create file format f type = csv {option}")


def test_a_character_behind_an_enclosed_field_is_refused(load):
    with pytest.raises(SqlError, match=r"^100016 \(22000\): Found character 'x' instead of field delimiter ','"):
        load('"a"x,b\n', "field_optionally_enclosed_by = '\"'")


@pytest.mark.parametrize("statement", ["copy into t from @st pattern = '['", "list @st pattern = '['"])
def test_a_pattern_that_is_none_is_refused(session, statement):
    session.execute("create or replace table t (a string)")
    with pytest.raises(SqlError, match=r"^100048 \(2201B\): Invalid regular expression: '\['"):
        session.execute(statement)


def test_files_that_were_read_otherwise_can_be_selected_from(session, load):
    load("ä;1\nö;2\n".encode("latin-1"), "encoding = 'ISO-8859-1' field_delimiter = ';'")
    session.execute("create or replace file format latin type = csv encoding = 'ISO-8859-1' field_delimiter = ';'")
    rows = session.execute(
        "select $2::int, $1, metadata$filename from @st/file.csv (file_format => 'latin') order by 1"
    )
    assert rows.rows == [(1, "ä", "file.csv"), (2, "ö", "file.csv")]


def test_json_without_its_nulls(session):
    (location(session, "@st").folder / "nulls.json").write_text('{"a": null, "b": {"c": null, "d": [null]}}\n')
    session.execute("create or replace table j (v variant)")
    session.execute("copy into j from @st files = ('nulls.json') file_format = (type = json strip_null_values = true)")
    assert session.execute("select to_json(v) from j").rows == [('{"b":{"d":[null]}}',)]


def test_texts_that_are_too_long_are_cut_where_that_is_asked_for(load, session):
    with pytest.raises(SqlError, match=r"^100078"):
        load("abc,x", columns="a varchar(2), b string")
    assert load("abc,x", columns="a varchar(2), b string", more="truncatecolumns = true") == [("ab", "x")]
    assert load("abc,x", columns="a varchar(2), b string", more="enforce_length = false") == [("ab", "x")]
    with pytest.raises(SqlError, match=r"TRUNCATECOLUMNS where a query .* is not supported by the local engine"):
        session.execute("copy into t from (select $1, $2 from @st/file.csv) truncatecolumns = true")


def test_a_table_is_made_of_files(load, session):
    load("a,1\nb,2\n")
    session.execute("create or replace table made as select $2::int as n, $1 as s from @st/file.csv")
    assert session.execute("select * from made order by n").rows == [(1, "a"), (2, "b")]
    session.execute("create or replace table made as select relative_path from directory(@st) where size > 0")
    assert ("file.csv",) in session.execute("select * from made").rows
    with pytest.raises(SqlError, match="A view of files in a stage is not supported by the local engine"):
        session.execute("create view looks as select $1 as s from @st/file.csv")
