"""COPY INTO a table by the names of columns: MATCH_BY_COLUMN_NAME, INCLUDE_METADATA."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def session(engine):
    """A stage with the same rows in three formats: `id`, `Name`, and `extra`, which the table does not have."""
    session = engine.open_session()
    session.execute("create or replace database by_name")
    session.execute("create stage st")
    folder = location(session, "@st").folder
    (folder / "rows.json").write_text('{"id": 1, "Name": "x", "extra": true}\n{"Name": "y", "id": 2}\n')
    (folder / "rows.csv").write_text("Name,id,extra\nx,1,q\ny,2,r\n")
    parquet.write_table(pa.table({"id": [1, 2], "extra": [0, 0], "Name": ["x", "y"]}), folder / "rows.parquet")
    return session


@pytest.fixture
def load(session):
    def loaded(file, options="", columns="id int, name varchar, other int default 7", match="case_insensitive"):
        session.execute(f"create or replace table t ({columns})")
        kind = file.rpartition(".")[2]
        form = f"(type = {kind} parse_header = true)" if kind == "csv" else f"(type = {kind})"
        text = f"copy into t from @st/{file} file_format = {form} match_by_column_name = {match} {options}"
        session.execute(text)
        return sorted(session.execute("select * from t").rows, key=str)

    return loaded


@pytest.mark.parametrize("file", ["rows.json", "rows.csv", "rows.parquet"])
def test_columns_are_found_by_name_in_any_case_and_the_others_are_null(load, file):
    assert load(file) == [(1, "x", None), (2, "y", None)]


@pytest.mark.parametrize("file", ["rows.json", "rows.csv", "rows.parquet"])
def test_columns_are_found_by_name_as_it_is_written(load, file):
    columns = '"id" int, "Name" varchar, EXTRA varchar'
    assert load(file, columns=columns, match="case_sensitive") == [(1, "x", None), (2, "y", None)]


@pytest.mark.parametrize("file", ["rows.json", "rows.csv", "rows.parquet"])
def test_what_is_known_of_the_files_goes_into_columns(load, file):
    columns = "id int, name varchar, extra varchar, place varchar, n int"
    rows = load(file, "include_metadata = (place = metadata$filename, n = METADATA$FILE_ROW_NUMBER)", columns)
    assert [(row[0], row[1], *row[3:]) for row in rows] == [(1, "x", file, 1), (2, "y", file, 2)]


def test_a_csv_of_another_width_is_refused_or_not(load, session):
    with pytest.raises(SqlError, match=r"Number of columns in file \(3\) does not match .* table \(2\)"):
        load("rows.csv", columns="id int, name varchar")
    form = "(type = csv parse_header = true error_on_column_count_mismatch = false)"
    session.execute(f"copy into t from @st/rows.csv file_format = {form} match_by_column_name = case_insensitive")
    assert sorted(session.execute("select * from t").rows) == [(1, "x"), (2, "y")]


def test_values_of_json_have_the_types_of_the_columns(load, session):
    text = (
        '{"d": "2024-12-31", "t": "2024-12-31 10:11:12", "n": "1.25", "v": {"k": 1}, "a": [1], "b": "true", "z": null}'
    )
    (location(session, "@st").folder / "typed.json").write_text(text)
    columns = "d date, t timestamp_ntz, n number(10,2), v variant, a array, b boolean, z varchar"
    (row,) = load("typed.json", columns=columns)
    assert row[:3] == (dt.date(2024, 12, 31), dt.datetime(2024, 12, 31, 10, 11, 12), Decimal("1.25"))
    assert row[5:] == (True, None)
    assert session.execute("select v:k::int, a[0]::int from t").rows == [(1, 1)]


@pytest.mark.parametrize(
    ("options", "code"),
    [("match_by_column_name = sometimes", 1008), ("include_metadata = (n = metadata$filename)", 1003)],
)
def test_what_is_refused(load, session, options, code):
    load("rows.parquet")
    with pytest.raises(SqlError) as refused:
        session.execute(f"copy into t from @st/rows.parquet file_format = (type = parquet) {options}")
    assert refused.value.code == code
