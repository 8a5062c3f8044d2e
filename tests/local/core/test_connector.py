"""The connector itself, over HTTP."""

import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import snowflake.connector
from snowflake.connector.errors import DatabaseError, ProgrammingError

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def connection(arguments):
    with snowflake.connector.connect(**arguments, paramstyle="qmark") as connection:
        connection.cursor().execute("create database wire")
        yield connection


@pytest.fixture
def cursor(connection):
    with connection.cursor() as cursor:
        yield cursor


def test_login_needs_the_password(arguments):
    with pytest.raises(DatabaseError, match="Incorrect username or password"):
        snowflake.connector.connect(**{**arguments, "password": "guess"})


def test_login_with_a_context(arguments, connection):
    context = {"database": "wire", "schema": "public", "role": "analyst", "warehouse": "wh"}
    with snowflake.connector.connect(**arguments, **context) as other:
        query = "select current_database(), current_schema(), current_role(), current_warehouse()"
        assert other.cursor().execute(query).fetchone() == ("WIRE", "PUBLIC", "ANALYST", "WH")
        assert (other.database, other.schema) == ("WIRE", "PUBLIC")


def test_session_parameters_at_login(arguments):
    with snowflake.connector.connect(**arguments, session_parameters={"TIMEZONE": "UTC"}) as other:
        assert (
            other.cursor().execute("select current_timestamp()::timestamp_ltz").fetchone()[0].utcoffset().seconds == 0
        )


def test_every_type_arrives_as_it_is(cursor):
    row = cursor.execute(
        """select 5, 1.50, 1.5::float, 'x', true, '2024-03-11'::date, '1960-01-01 10:20:30.123456'::timestamp,
             '2024-03-11 12:00:00 +0000'::timestamp_ltz, to_binary('6100', 'HEX'), parse_json('{"a":[1]}'),
             12345678901234567890123, '10:11:12.5'::time"""
    ).fetchone()
    assert row[:7] == (5, Decimal("1.50"), 1.5, "x", True, date(2024, 3, 11), datetime(1960, 1, 1, 10, 20, 30, 123456))
    assert row[7] == datetime(2024, 3, 11, 12, tzinfo=UTC)
    assert row[8:11] == (b"a\x00", '{\n  "a": [\n    1\n  ]\n}', 12345678901234567890123)
    assert row[11].isoformat() == "10:11:12.500000"


def test_null_of_every_type_arrives_as_none(cursor):
    kinds = [
        "int",
        "number(10,2)",
        "float",
        "varchar",
        "boolean",
        "date",
        "timestamp",
        "timestamp_ltz",
        "timestamp_tz",
        "binary",
        "variant",
        "time",
    ]
    row = cursor.execute("select " + ", ".join(f"null::{kind}" for kind in kinds)).fetchone()
    assert row == (None,) * len(kinds)


def test_timestamps_beside_nulls(cursor):
    query = "select column1::timestamp from values ('2024-03-11 00:00:00'), (null), ('1900-01-01 00:00:00.000001')"
    assert cursor.execute(query).fetchall() == [
        (datetime(2024, 3, 11),),
        (None,),
        (datetime(1900, 1, 1, 0, 0, 0, 1),),
    ]


def test_description(cursor):
    cursor.execute("select 1 as a, 'x'::varchar(5) as b, 1.5 as c")
    assert [(d.name, d.type_code, d.internal_size, d.precision, d.scale) for d in cursor.description] == [
        ("A", 0, None, 38, 0),
        ("B", 2, 5, None, None),
        ("C", 0, None, 2, 1),
    ]


def test_a_query_can_be_described_without_being_run(cursor):
    cursor.execute("create or replace table untouched (a int, b varchar)")
    assert [d.name for d in cursor.describe("select a, b || 'x' from untouched where a = 1")] == ["A", "B || 'X'"]
    assert [d.name for d in cursor.describe("insert into untouched values (1, 'x')")] == ["number of rows inserted"]
    assert cursor.execute("select count(*) from untouched").fetchone() == (0,)


def test_pandas(cursor):
    frame = cursor.execute(
        "select column1 as n, column2 as s, column3::timestamp as t "
        "from values (1, 'a', '2024-03-11'), (null, null, null)"
    ).fetch_pandas_all()
    assert list(frame.columns) == ["N", "S", "T"]
    assert frame["N"].isna().tolist() == [False, True]
    assert frame["T"].isna().tolist() == [False, True]


def test_qmark_binds(cursor):
    moment = datetime(2024, 3, 11, 1, 2, 3, 456)
    query = "select ?, ?, ?, ?, ?, ?"
    assert cursor.execute(query, (1, "it's", None, True, date(2024, 3, 11), moment)).fetchone() == (
        1,
        "it's",
        None,
        True,
        date(2024, 3, 11),
        moment,
    )


def test_pyformat_binds(arguments):
    with snowflake.connector.connect(**arguments) as connection:
        row = connection.cursor().execute("select %(a)s, %(b)s", {"a": "it's \\", "b": 1.5}).fetchone()
    assert row == ("it's \\", 1.5)


def test_executemany_is_one_insert(cursor):
    cursor.execute("create or replace table many (a int, b varchar, c timestamp_ntz)")
    sent = [(i, f"row {i}" if i % 2 else None, datetime(2024, 1, 1 + i % 28)) for i in range(500)]
    cursor.executemany("insert into many (a, b, c) values (?, ?, ?)", sent)
    assert cursor.rowcount == 500
    assert cursor.execute("select * from many order by a").fetchall() == sent


def test_executemany_of_an_update(cursor):
    cursor.execute("create or replace table many (a int, b varchar)")
    cursor.executemany("insert into many values (?, ?)", [(1, "x"), (2, "y")])
    cursor.executemany("update many set b = ? where a = ?", [("p", 1), ("q", 2)])
    assert cursor.execute("select b from many order by a").fetchall() == [("p",), ("q",)]


def test_row_counts(cursor):
    cursor.execute("create or replace table counted (a int)")
    assert cursor.execute("insert into counted select seq4() from table(generator(rowcount => 5))").rowcount == 5
    assert cursor.execute("update counted set a = 1 where a > 2").rowcount == 2
    assert cursor.execute("delete from counted where a = 1").rowcount == 3
    assert cursor.execute("select * from counted").rowcount == 2


def test_several_statements_at_once(cursor):
    cursor.execute("select 1; select 'a;b'; begin let x := 3; return x; end;", num_statements=3)
    found = [cursor.fetchall()]
    while cursor.nextset():
        found.append(cursor.fetchall())
    assert found == [[(1,)], [("a;b",)], [(3,)]]


def test_the_number_of_statements_must_be_right(cursor):
    with pytest.raises(ProgrammingError, match="Actual statement count 2 did not match"):
        cursor.execute("select 1; select 2")


def test_execute_string(connection):
    cursors = connection.execute_string("set a = 4; select $a; -- the end\nselect 'x';")
    assert [cursor.fetchall() for cursor in cursors][1:] == [[(4,)], [("x",)]]


def test_async_query(connection, cursor):
    sent = cursor.execute_async("call system$wait(0.3)")["queryId"]
    assert connection.is_still_running(connection.get_query_status(sent))
    cursor.get_results_from_sfqid(sent)
    assert cursor.fetchall() == [("waited 0.3 seconds",)]
    assert connection.get_query_status(sent).name == "SUCCESS"


def test_a_failed_async_query_says_why(connection, cursor):
    sent = cursor.execute_async("select 1 / 0")["queryId"]
    while connection.is_still_running(connection.get_query_status(sent)):
        time.sleep(0.02)
    with pytest.raises(ProgrammingError, match="Division by zero"):
        connection.get_query_status_throw_if_error(sent)


def test_a_running_query_can_be_aborted(connection, cursor):
    timer = threading.Timer(0.3, lambda: cursor.abort_query(cursor.sfqid or running[0]))
    running = [cursor.execute_async("select count(*) from table(generator(rowcount => 100000000000))")["queryId"]]
    timer.start()
    while connection.is_still_running(connection.get_query_status(running[0])):
        time.sleep(0.02)
    timer.join()
    assert connection.get_query_status(running[0]).name in {"ABORTED", "FAILED_WITH_ERROR"}
    assert cursor.execute("select 1").fetchone() == (1,)


def test_a_long_query_is_asked_after(cursor, monkeypatch):
    from neve.local.protocol import answers

    monkeypatch.setattr(answers, "PATIENCE", 0.1)
    assert cursor.execute("call system$wait(0.5)").fetchone() == ("waited 0.5 seconds",)


def test_a_client_that_will_not_wait(cursor):
    with pytest.raises(ProgrammingError) as caught:
        cursor.execute("call system$wait(60)", timeout=1)
    assert caught.value.errno == 604
    assert cursor.execute("select 1").fetchone() == (1,)


def test_errors_are_snowflakes(cursor):
    with pytest.raises(ProgrammingError) as caught:
        cursor.execute("select nope")
    assert (caught.value.errno, caught.value.sqlstate) == (904, "42000")
    assert caught.value.sfqid


def test_a_client_can_join_a_session(engine, arguments, connection):
    session = engine.open_session("WIRE", "PUBLIC")
    session.execute("set joined = 7")
    session_token, master_token = engine.token_for(session)
    place = {key: arguments[key] for key in ("host", "port", "protocol", "account")}
    with snowflake.connector.connect(**place, session_token=session_token, master_token=master_token) as guest:
        assert guest.cursor().execute("select $joined, current_database()").fetchone() == (7, "WIRE")
        guest.cursor().execute("create or replace temporary table mine as select 1 as a")
    assert session.execute("select a from mine").rows == [(1,)]


def test_one_connection_used_by_many_threads(connection):
    wrong = []

    def ask(number):
        for turn in range(10):
            row = connection.cursor().execute(f"select {number}, {turn}, 'x{number}'").fetchone()
            if row != (number, turn, f"x{number}"):
                wrong.append(row)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_large_result_arrives_whole(cursor):
    query = "select seq4() as n, 'row ' || n from table(generator(rowcount => 200000))"
    rows = cursor.execute(query).fetchall()
    assert len(rows) == 200_000
    assert rows[-1] == (199_999, "row 199999")


def test_whole_numbers_beyond_64_bits_arrive_as_they_are(cursor):
    most = 10**38 - 1
    cursor.execute("create or replace table large (id int, n int, d number(38, 2))")
    cursor.execute("insert into large values (?, ?, ?)", (1, most, Decimal("123456789012345678901234567890123456.78")))
    cursor.executemany("insert into large (id, n) values (?, ?)", [(2, -most), (3, 7)])
    assert cursor.execute("select n, d from large order by id").fetchall() == [
        (most, Decimal("123456789012345678901234567890123456.78")),
        (-most, None),
        (7, None),
    ]
    assert cursor.execute("select sum(n), max(n) - 1 from large").fetchone() == (7, most - 1)
    assert cursor.execute("select n from large where n = ?", (most,)).fetchall() == [(most,)]


def test_pandas_has_floats_of_numbers_that_fit_into_64_bits(cursor):
    query = "select column1::number(10, 2) as n, column2 as d from values (1.5, 12345678901234567.89), (null, 1)"
    frame = cursor.execute(query).fetch_pandas_all()
    assert [str(kind) for kind in frame.dtypes] == ["float64", "float64"]
    assert frame["N"].sum() == 1.5
    large = cursor.execute("select 123456789012345678.90 as n").fetch_pandas_all()
    assert large["N"][0] == Decimal("123456789012345678.90")


def test_whole_numbers_of_64_bits_without_a_sign_arrive(cursor):
    cursor.execute("select md5_number_upper64(column1) as n from values ('Snowflake'), ('a'), (null) order by n")
    assert cursor.fetchall() == [(919145239626757800,), (17145559544104499780,), (None,)]


def test_parameters_of_one_statement(cursor):
    cursor.execute("select 'tagged'", _statement_params={"QUERY_TAG": "nightly", "SNOWPARK_OTHER": "x"})
    cursor.execute("select 'plain'")
    history = "select query_text, query_tag from table(information_schema.query_history()) where query_text like ?"
    assert cursor.execute(history, ("select 'tagged%",)).fetchall() == [("select 'tagged'", "nightly")]
    assert cursor.execute(history, ("select 'plain%",)).fetchall() == [("select 'plain'", "")]
    assert cursor.execute("show parameters like 'QUERY_TAG'").fetchone()[1] == ""
    with pytest.raises(ProgrammingError, match="TIMEZONE as a parameter of one statement is not supported"):
        cursor.execute("select 1", _statement_params={"TIMEZONE": "Asia/Tokyo"})
    with pytest.raises(ProgrammingError, match=r"invalid value \[soon\] for parameter 'STATEMENT_TIMEOUT_IN_SECONDS'"):
        cursor.execute("select 1", _statement_params={"STATEMENT_TIMEOUT_IN_SECONDS": "soon"})


def test_a_statement_that_takes_too_long_is_cancelled(cursor):
    too_long = r"^000630 \(57014\): .*Statement reached its statement or warehouse timeout of 1 second"
    limit = {"STATEMENT_TIMEOUT_IN_SECONDS": 1}
    with pytest.raises(ProgrammingError, match=too_long):
        cursor.execute("select system$wait(60)", _statement_params=limit)
    cursor.execute("alter session set statement_timeout_in_seconds = 1")
    generator = "table(generator(rowcount => 100000))"
    with pytest.raises(ProgrammingError, match=too_long):
        cursor.execute(f"select count(*) from {generator} a, {generator} b, {generator} c")
    cursor.execute("alter session unset statement_timeout_in_seconds")
    assert cursor.execute("select 'goes on'").fetchone() == ("goes on",)
