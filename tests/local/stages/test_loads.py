"""COPY INTO a table: what is loaded once, what is left out, what is remembered."""

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine
LOADED = [("st/a.csv", "LOADED", 2, 2)]
NONE = [("Copy executed with 0 files processed.",)]


@pytest.fixture
def session(engine):
    """A stage whose format is its own, with one file; a table for it."""
    session = engine.open_session()
    session.execute("create or replace database loads")
    session.execute("create stage st file_format = (type = csv skip_header = 1)")
    session.execute("create table t (a int, b string)")
    write(session, "a.csv", "a,b\n1,x\n2,y\n")
    return session


def write(session, name, text):
    (location(session, "@st").folder / name).write_text(text)


def copied(session, sql):
    """File, status, rows parsed and rows loaded of each file; or the status alone."""
    return [row[:4] for row in session.execute(sql).rows]


def test_a_file_is_loaded_once(session):
    assert copied(session, "copy into t from @st") == LOADED
    assert copied(session, "copy into t from @st") == NONE
    assert session.execute("select a, b from t order by a").rows == [(1, "x"), (2, "y")]
    assert copied(session, "copy into t from @st force = true") == LOADED


def test_only_what_is_new_or_changed_is_loaded(session):
    session.execute("copy into t from @st")
    write(session, "b.csv", "a,b\n3,z\n")
    assert copied(session, "copy into t from @st") == [("st/b.csv", "LOADED", 1, 1)]
    write(session, "b.csv", "a,b\n4,z\n")
    assert copied(session, "copy into t from @st") == [("st/b.csv", "LOADED", 1, 1)]


@pytest.mark.parametrize("anew", ["truncate table t", "create or replace table t (a int, b string)"])
def test_an_emptied_table_takes_its_files_again(session, anew):
    session.execute("copy into t from @st")
    session.execute(anew)
    assert copied(session, "copy into t from @st") == LOADED


def test_another_table_takes_them_too(session):
    session.execute("copy into t from @st")
    session.execute("create table other (a int, b string)")
    assert copied(session, "copy into other from @st") == LOADED


def test_an_error_loads_nothing_and_the_file_can_come_again(session):
    write(session, "b.csv", "a,b\nwrong,z\n")
    with pytest.raises(SqlError, match="'wrong' is not recognized"):
        session.execute("copy into t from @st")
    assert session.execute("select count(*) from t").rows == [(0,)]
    write(session, "b.csv", "a,b\n3,z\n")
    assert len(copied(session, "copy into t from @st")) == 2


def test_errors_skip_the_file_or_the_row(session):
    write(session, "b.csv", "a,b\n3,z\nwrong,z\n5,z\n")
    session.execute("create table skipping (a int, b string)")
    found = copied(session, "copy into skipping from @st on_error = skip_file")
    assert found == [*LOADED, ("st/b.csv", "LOAD_FAILED", 3, 0)]
    row = session.execute("copy into t from @st on_error = 'continue'").rows[1]
    assert row == ("st/b.csv", "PARTIALLY_LOADED", 3, 2, 3, 1, "Numeric value 'wrong' is not recognized", 3, None, None)
    assert session.execute("select a from t order by a").rows == [(1,), (2,), (3,), (5,)]


def test_the_name_of_the_file_can_be_loaded(session):
    session.execute("create table named (a int, f string)")
    session.execute("copy into named from (select $1, metadata$filename from @st)")
    assert session.execute("select * from named order by a").rows == [(1, "a.csv"), (2, "a.csv")]


def test_loads_are_remembered(session):
    session.execute("copy into t from @st")
    history = "table(information_schema.copy_history(table_name => 'T', start_time => dateadd(hour, {}, "
    history += "current_timestamp())))"
    columns = "file_name, row_count, status"
    assert session.execute(f"select {columns} from {history.format(-1)}").rows == [("a.csv", 2, "Loaded")]
    assert session.execute(f"select {columns} from {history.format(1)}").rows == []
    assert session.execute(f"select {columns} from information_schema.load_history").rows == [("a.csv", 2, "LOADED")]


def test_the_history_of_loads_looks_at_its_arguments(session):
    session.execute("copy into t from @st")
    history = "select file_name from table(information_schema.copy_history(table_name => 'T', {}))"
    assert session.execute(history.format("start_time => '1999-01-01'")).rows == [("a.csv",)]
    assert session.execute(history.format("start_time => '2099-01-01'")).rows == []
    assert session.execute(history.format("end_time => '1999-01-01'")).rows == []
    with pytest.raises(SqlError, match="NONSENSE"):
        session.execute(history.format("nonsense => 1"))


def test_stages_and_formats_are_altered_and_described(session):
    session.execute("alter stage st set file_format = (type = csv skip_header = 2)")
    assert copied(session, "copy into t from @st") == [("st/a.csv", "LOADED", 1, 1)]
    session.execute("alter stage st rename to renamed")
    assert [row[0] for row in session.execute("list @renamed").rows] == ["renamed/a.csv"]
    session.execute("create file format piped type = csv field_delimiter = '|'")
    session.execute("alter file format piped set skip_header = 1")
    told = {row[0]: row[2] for row in session.execute("describe file format piped").rows}
    assert [told[name] for name in ("TYPE", "FIELD_DELIMITER", "SKIP_HEADER")] == ["CSV", "|", "1"]
    assert [row["name"] for row in session.execute("show file formats").dicts()] == ["PIPED"]


def test_what_is_rolled_back_was_not_loaded(session):
    session.execute("begin")
    assert copied(session, "copy into t from @st") == LOADED
    assert copied(session, "copy into t from @st") == NONE
    session.execute("rollback")
    assert session.execute("select count(*) from information_schema.load_history").rows == [(0,)]
    assert copied(session, "copy into t from @st") == LOADED


def test_an_error_leaves_no_trace(session):
    write(session, "b.csv", "a,b\nwrong,z\n")
    for _ in range(2):
        with pytest.raises(SqlError, match="'wrong' is not recognized"):
            session.execute("copy into t from @st")
    assert session.execute("select count(*) from t").rows == [(0,)]
    assert session.execute("select count(*) from information_schema.load_history").rows == [(0,)]


def test_files_that_are_named_must_be_there(session):
    assert copied(session, "copy into t from @st files = ('a.csv')") == LOADED
    with pytest.raises(SqlError, match=r"Remote file 'st/nowhere\.csv' was not found"):
        session.execute("copy into t from @st files = ('nowhere.csv')")


def test_rows_know_their_file_and_place(session):
    write(session, "b.csv", "a,b\n3,z\n")
    query = "select metadata$filename, metadata$file_row_number, $1 from @st order by 1, 2"
    assert session.execute(query).rows == [("a.csv", 1, "1"), ("a.csv", 2, "2"), ("b.csv", 1, "3")]


def test_files_can_be_tried(session):
    write(session, "b.csv", "a,b\n3,z\nwrong,z\n5,z\nworse,z\n")
    found = session.execute("copy into t from @st validation_mode = return_errors").dicts()
    assert [(row["ERROR"], row["FILE"], row["LINE"], row["ROW_NUMBER"], row["CODE"]) for row in found] == [
        ("Numeric value 'wrong' is not recognized", "st/b.csv", 3, 2, 100038),
        ("Numeric value 'worse' is not recognized", "st/b.csv", 5, 4, 100038),
    ]
    assert session.execute("copy into t from @st files = ('a.csv') validation_mode = return_1_rows").rows == [(1, "x")]
    assert session.execute("select count(*) from t").rows == [(0,)]
    assert copied(session, "copy into t from @st files = ('a.csv')") == LOADED


@pytest.mark.parametrize("how", ["", "on_error = continue", "on_error = skip_file", "validation_mode = return_errors"])
@pytest.mark.parametrize("around", [(), ("begin", "commit")])
def test_numbers_beyond_64_bits_are_loaded(session, how, around):
    session.execute("create table big (n number(38), b string)")
    write(session, "a.csv", "a,b\n1,x\n99999999999999999999,y\n")
    for text in around[:1]:
        session.execute(text)
    loaded = copied(session, f"copy into big from @st {how}")
    for text in around[1:]:
        session.execute(text)
    if "validation" in how:
        assert loaded == []
        return
    assert loaded == LOADED
    assert session.execute("select n from big order by n").rows == [(1,), (99999999999999999999,)]


def test_a_number_beyond_all_bits_is_an_error_of_its_row(session):
    session.execute("create table big (n number(38), b string)")
    write(session, "a.csv", f"a,b\n1,x\n{'9' * 50},y\n99999999999999999999,z\n")
    with pytest.raises(SqlError) as raised:
        session.execute("copy into big from @st")
    assert raised.value.code != 603
    assert copied(session, "copy into big from @st on_error = continue") == [("st/a.csv", "PARTIALLY_LOADED", 3, 2)]
    assert session.execute("select n from big order by n").rows == [(1,), (99999999999999999999,)]


@pytest.mark.parametrize("how", ["on_error = continue", "validation_mode = return_errors"])
def test_a_file_without_rows_has_no_bad_ones_to_look_for(session, how):
    write(session, "a.csv", "a,b\n")
    assert len(copied(session, f"copy into t (a) from (select $9 from @st) {how}")) == 1


def test_what_was_not_loaded_is_not_purged(session):
    write(session, "b.csv", "a,b\n3,z\nwrong,z\n")
    session.execute("copy into t from @st on_error = skip_file purge = true")
    assert [row[0] for row in session.execute("list @st").rows] == ["st/b.csv"]
    session.execute("copy into t from @st on_error = continue purge = true")
    assert [row[0] for row in session.execute("list @st").rows] == ["st/b.csv"]


def test_what_is_neither_true_nor_false_is_refused(session):
    with pytest.raises(SqlError, match=r"invalid value \[maybe\] for parameter 'PURGE'"):
        session.execute("copy into t from @st purge = maybe")
    assert session.execute("select count(*) from t").rows == [(0,)]


def test_csv_for_a_variant_is_json(session):
    session.execute("create table held (id int, v variant)")
    write(session, "json.csv", 'id,v\n1|{"a": [1, 2]}\n2|\n3|"x"\n')
    form = "(type = csv skip_header = 1 field_delimiter = '|')"
    copy = f"copy into held from @st files = ('json.csv') file_format = {form}"
    session.execute(copy)
    rows = session.execute("select id, v:a[1]::int, typeof(v) from held order by id").rows
    assert rows == [(1, 2, "OBJECT"), (2, None, None), (3, None, "VARCHAR")]
    session.execute("create table turned (v variant, id int)")
    session.execute(copy.replace("held", "turned (id, v)"))
    assert session.execute("select v:a[0]::int from turned where id = 1").rows == [(1,)]


def test_csv_for_a_variant_that_is_no_json_is_refused(session):
    session.execute("create table held (v variant)")
    write(session, "text.csv", "v\nYes\n")
    with pytest.raises(SqlError, match=r"^100069 \(22P02\): Error parsing JSON: unknown keyword"):
        session.execute("copy into held from @st files = ('text.csv')")
