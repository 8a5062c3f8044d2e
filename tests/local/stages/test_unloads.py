"""COPY INTO a stage: what the files are called, and what is in them."""

import gzip

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture
def session(engine):
    session = engine.open_session()
    session.execute("create or replace database unloads")
    session.execute("create stage st")
    session.execute("create table t (n int, s string, at timestamp_ntz, v variant)")
    session.execute("""insert into t select 1, 'a,b"c', '2024-01-02 03:04:05', parse_json('{"k": 1}')""")
    session.execute("insert into t (n) values (2)")
    return session


def unloaded(session, sql):
    """The text of each file that the statement writes, by its name."""
    session.execute(sql)
    found = location(session, "@st")
    return {file.relative_to(found.folder).as_posix(): _text(file) for file in found.files}


def _text(file):
    return (gzip.decompress(file.read_bytes()) if file.name.endswith(".gz") else file.read_bytes()).decode()


def test_a_file_is_compressed_and_nothing_is_enclosed(session):
    assert unloaded(session, "copy into @st/out/ from t") == {
        "out/data_0_0_0.csv.gz": '1,a\\,b"c,2024-01-02 03:04:05.000,{"k":1}\n2,\\N,\\N,\\N\n'
    }


def test_texts_are_enclosed_when_that_is_asked_for(session):
    form = """(type = csv field_optionally_enclosed_by = '"' compression = none null_if = ('NULL'))"""
    assert unloaded(session, f"copy into @st/x from t file_format = {form} header = true") == {
        "x_0_0_0.csv": '"N","S","AT","V"\n1,"a,b""c",2024-01-02 03:04:05.000,"{""k"":1}"\n2,NULL,NULL,NULL\n'
    }


def test_json_is_a_value_a_line(session):
    query = "(select object_construct('n', n) from t order by n)"
    assert unloaded(session, f"copy into @st from {query} file_format = (type = json)") == {
        "data_0_0_0.json.gz": '{"n":1}\n{"n":2}\n'
    }
    with pytest.raises(SqlError, match="one and only one column"):
        session.execute("copy into @st/two from t file_format = (type = json)")


def test_a_single_file_has_the_name_it_is_given(session):
    query = "(select n from t order by n)"
    form = "(type = csv compression = none)"
    assert unloaded(session, f"copy into @st/one.csv from {query} file_format = {form} single = true") == {
        "one.csv": "1\n2\n"
    }


def test_a_file_is_not_replaced_unless_that_is_asked_for(session):
    session.execute("copy into @st from t")
    with pytest.raises(SqlError, match="Files already existing at the unload destination"):
        session.execute("copy into @st from t")
    assert session.execute("copy into @st from t overwrite = true").rows[0][0] == 2


def test_the_files_are_told(session):
    found = session.execute("copy into @st/d/ from t detailed_output = true").dicts()
    assert [(row["FILE_NAME"], row["ROW_COUNT"]) for row in found] == [("d/data_0_0_0.csv.gz", 2)]


def test_what_is_unloaded_can_be_loaded_again(session):
    session.execute("copy into @st/out from (select n, s, at from t)")
    session.execute("create table u (n int, s string, at timestamp_ntz)")
    session.execute("copy into u from @st/out")
    assert session.execute("select n, s from u order by n").rows == [(1, 'a,b"c'), (2, None)]
    assert session.execute("select n, s, at from t minus select * from u").rows == []


@pytest.mark.parametrize(
    ("value", "option", "text"),
    [
        ("'2024-12-31'::date", "date_format = 'DD/MM/YYYY'", "31/12/2024"),
        ("'10:11:12'::time", "time_format = 'HH24-MI'", "10-11"),
        ("'2024-12-31 10:11:12'::timestamp", "timestamp_format = 'YYYYMMDD HH24MISS'", "20241231 101112"),
        ("to_binary('hello', 'utf-8')", "binary_format = base64", "aGVsbG8="),
        ("to_binary('hello', 'utf-8')", "binary_format = 'UTF-8'", "hello"),
        ("to_binary('hello', 'utf-8')", "", "68656C6C6F"),
        ("'a'", "record_delimiter = '|' field_delimiter = '::'", "a"),
    ],
)
def test_values_are_written_in_the_format_of_the_file(session, value, option, text):
    form = f"(type = csv compression = none {option})"
    files = unloaded(session, f"copy into @st/one.csv from (select {value}, 1) file_format = {form} single = true")
    end, delimiter = ("|", "::") if "::" in option else ("\n", ",")
    assert files == {"one.csv": f"{text}{delimiter}1{end}"}


def test_escaped_characters_stand_for_themselves(session):
    (location(session, "@st").folder / "x.csv").write_text("a\\,b|c\\\\d,\\N,\n1,2\n")
    found = session.execute("select $1, $2, $3 from @st/x.csv").rows
    assert found == [("a,b|c\\d", None, None), ("1", "2", None)]


def test_a_stream_stays_where_it_is_when_its_rows_are_not_written(session):
    session.execute("create stream s on table t")
    session.execute("insert into t (n) values (3)")
    with pytest.raises(SqlError, match="one and only one column"):
        session.execute("copy into @st/x from s file_format = (type = json)")
    assert session.execute("select n from s").rows == [(3,)]
    assert list(unloaded(session, "copy into @st/x from s")) == ["x_0_0_0.csv.gz"]
    assert session.execute("select n from s").rows == []


def test_a_file_that_was_not_written_whole_is_not_in_the_way(session, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("neve.local.stages.unload._Written", None)
        with pytest.raises(SqlError):
            session.execute("copy into @st/x from t")
    assert list(unloaded(session, "copy into @st/x from t")) == ["x_0_0_0.csv.gz"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ("partition by (n)", "PARTITION BY of COPY INTO a location is not supported by the local engine"),
        ("overwrite = maybe", r"invalid value \[maybe\] for parameter 'OVERWRITE'"),
        ("file_format = (type = csv encoding = iso88591)", "ENCODING = iso88591"),
    ],
)
def test_what_is_not_done_is_refused(session, options, match):
    with pytest.raises(SqlError, match=match):
        session.execute(f"copy into @st from t {options}")
    assert unloaded(session, "copy into @st from t file_format = (type = csv encoding = 'UTF8')")
