"""Streams: the statements about them, what they give, when they advance."""

import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.local.streams.conftest import Client

from neve.local.engine import Engine

pytestmark = pytest.mark.engine

INSERT, DELETE = "INSERT", "DELETE"
TAKE = "insert into taken select k, v, metadata$action, metadata$isupdate from s"


def test_reading_gives_changes_and_does_not_advance(sql):
    sql("insert into t values (2, 'two')", "update t set v = 'uno' where k = 1")
    expected = [(1, "one", DELETE, True), (1, "uno", INSERT, True), (2, "two", INSERT, False)]
    assert sql.taken(columns="k, v") == expected
    assert sql.taken(columns="k, v") == expected
    rows = sql.shown("select * from s where k = 1")
    assert list(rows[0]) == ["K", "V", "METADATA$ACTION", "METADATA$ISUPDATE", "METADATA$ROW_ID"]
    assert rows[0]["METADATA$ROW_ID"] == rows[1]["METADATA$ROW_ID"]


def test_only_what_is_different_in_the_end_is_told(sql):
    sql("insert into t values (2, 'two')", "delete from t where k = 2")
    sql("update t set v = 'uno'", "update t set v = 'one'")
    assert sql.taken() == []
    assert sql("select system$stream_has_data('s')") == [(False,)]


def test_a_row_that_was_deleted_and_inserted_again_is_another_row(sql):
    sql("delete from t", "insert into t values (1, 'one')")
    assert sql.taken(columns="k") == [(1, DELETE, False), (1, INSERT, False)]
    sql(TAKE, "insert overwrite into t select * from t")
    assert sql.taken(columns="k") == [(1, DELETE, False), (1, INSERT, False)]


@pytest.mark.parametrize(
    "take",
    [
        TAKE,
        "create table other as select * from s",
        "create temporary table other as select * from s",
        "merge into taken using s on taken.k = s.k when not matched then insert (k) values (s.k)",
        "delete from taken using s where taken.k = s.k",
        "update taken set v = s.v from s where taken.k = s.k",
        "insert into taken (k) with s2 as (select k from s where 1 = 0) select k from s2",
        "insert all into taken (k) values (k) into taken (k) values (k) select k from s",
    ],
)
def test_a_statement_that_changes_rows_advances_it(sql, take):
    sql("insert into t values (2, 'two')", take)
    assert sql.taken() == []
    sql("insert into t values (3, 'three')")
    assert sql.taken(columns="k") == [(3, INSERT, False)]


def test_a_name_of_with_hides_a_stream(sql):
    sql("insert into t values (2, 'two')", "insert into taken (k) with s as (select 7 as k) select k from s")
    assert sql("select k from taken") == [(7,)]
    assert sql.taken(columns="k") == [(2, INSERT, False)]


def test_a_statement_that_fails_does_not_advance_it(sql):
    sql("insert into t values (2, 'two')")
    sql.refusal("insert into taken (k) select v::int from s")
    assert sql.taken(columns="k") == [(2, INSERT, False)]


def test_each_stream_has_its_own_offset(sql):
    sql("create stream other on table t", "insert into t values (2, 'two')", TAKE, "insert into t values (3, 'three')")
    assert sql.taken(columns="k") == [(3, INSERT, False)]
    assert sql.taken("other", "k") == [(2, INSERT, False), (3, INSERT, False)]


def test_an_append_only_stream_gives_every_insertion_as_it_was(sql):
    sql("create stream added on table t append_only = true", "insert into t values (2, 'two'), (3, 'three')")
    sql("update t set v = 'due' where k = 2", "delete from t where k = 3")
    assert sql.taken("added", "k, v") == [(2, "two", INSERT, False), (3, "three", INSERT, False)]
    assert sql.shown("show streams like 'ADDED'")[0]["mode"] == "APPEND_ONLY"


@pytest.mark.parametrize("kind", ["", "append_only = true"])
def test_initial_rows_come_first_and_alone(sql, kind):
    sql(f"create stream first on table t show_initial_rows = true {kind}", "insert into t values (2, 'two')")
    assert sql.taken("first", "k, v") == [(1, "one", INSERT, False)]
    sql("create table rest as select * from first")
    assert sql.taken("first", "k, v") == [(2, "two", INSERT, False)]


def test_in_a_transaction_a_stream_stays_as_it_was(sql, client):
    sql("insert into t values (2, 'two')", "begin", TAKE, "insert into t values (3, 'three')")
    assert sql.taken(columns="k") == [(2, INSERT, False)]
    assert client().taken(columns="k") == [(2, INSERT, False)]
    sql("rollback")
    assert sql.taken(columns="k") == [(2, INSERT, False)]
    sql("begin", TAKE, "insert into t values (3, 'three')", "commit")
    assert sql.taken(columns="k") == [(3, INSERT, False)]


def test_an_error_in_a_transaction_does_no_harm(sql):
    sql("begin", "insert into t values (2, 'two')", TAKE)
    sql.refusal("insert into t values ('x', 'no number')")
    sql("insert into t values (3, 'three')", "commit")
    assert sql.taken(columns="k") == [(2, INSERT, False), (3, INSERT, False)]


def test_every_way_of_changing_rows_is_told(sql):
    sql("insert into t select 2, 'two'", "insert first when true then into t (k) values (x) select 3 as x")
    sql.session.execute("insert into t values (?, ?)", [4, "four"])
    sql("create stage files", "copy into @files/t.csv from (select 5, 'five') single = true", "copy into t from @files")
    assert [row[0] for row in sql.taken(columns="k")] == [2, 3, 4, 5]
    sql(TAKE, "truncate table t")
    assert [row[:2] for row in sql.taken(columns="k")] == [(k, DELETE) for k in (1, 2, 3, 4, 5)]


def test_values_keep_their_types(sql):
    sql("create table wide (n number(10,2), j variant, t timestamp_tz, d date, b binary, a array, f float)")
    sql("create stream ws on table wide")
    sql("insert into wide select 1.5, parse_json('{\"a\":1}'), '2024-01-02 03:04:05 +00:00', '2024-01-02', "
        "to_binary('61', 'HEX'), [1, 2], 0.5")  # fmt: skip
    columns = "n, j:a::int, t, d, b, a[1]::int, f"
    assert sql(f"select {columns} from ws") == sql(f"select {columns} from wide")
    described = sql.session.execute("select * from wide").columns
    assert sql.session.execute("select * exclude (metadata$action, metadata$isupdate, metadata$row_id) from ws")
    assert sql.session.execute("select * from ws").columns[: len(described)] == described


def test_a_stream_follows_its_table_through_alter(sql):
    sql("alter table t rename to renamed", "alter table renamed add column extra int")
    sql("insert into renamed values (2, 'two', 22)", "alter table renamed rename column v to w")
    assert sql.taken(columns="k, w, extra") == [(2, "two", 22, INSERT, False)]
    sql("alter table renamed drop column w")
    assert sql.taken(columns="k, extra") == [(2, 22, INSERT, False)]
    assert sql.shown("show streams")[0]["table_name"].endswith(".RENAMED")


def test_a_column_that_gets_another_type(sql):
    sql("create table wider (n number(5, 2))", "insert into wider values (1.25)", "create stream w on table wider")
    sql("alter table wider alter column n set data type number(20, 2)", "insert into wider values (1234567.25)")
    assert sql("select n from w") == [(Decimal("1234567.25"),)]
    sql("update wider set n = 7654321.50 where n = 1.25")
    assert {row[0] for row in sql("select n from w")} == {Decimal("1.25"), Decimal("7654321.50"), Decimal("1234567.25")}


def test_a_swap_leaves_a_stream_with_its_table(sql):
    sql("create table other (k int, v varchar)", "alter table t swap with other", "insert into t values (5, 'five')")
    assert sql.taken() == []
    sql("insert into other values (6, 'six')")
    assert sql.taken(columns="k") == [(6, INSERT, False)]


def test_unloading_takes_what_is_unloaded(sql):
    sql("create stage unloaded", "insert into t values (2, 'two')", "copy into @unloaded/a from s")
    assert sql.taken() == []
    sql("insert into t values (3, 'three')", "copy into @unloaded/b from (select k from s where k > 3)")
    assert sql.taken() == []


@pytest.mark.parametrize("end", ["drop table t", "create or replace table t (k int, v varchar)"])
def test_without_its_table_a_stream_is_stale(sql, end):
    sql(end)
    error = sql.refusal("select * from s")
    assert (error.code, error.sqlstate) == (91901, "01000")
    assert error.message.endswith("T' dropped, cannot read from stream 'S'")
    assert sql.shown("show streams")[0]["stale"] == "true"
    sql("create or replace table t (k int, v varchar)", "create or replace stream s on table t")
    sql("insert into t values (9, 'nine')")
    assert sql.taken(columns="k") == [(9, INSERT, False)]


def test_a_target_in_another_database(engine, sql, client):
    engine.open_session().execute("create database if not exists other")
    sql("create or replace table other.public.taken (k int)", "insert into t values (2, 'two')")
    sql("insert into other.public.taken select k from s")
    assert client().taken() == []


def test_show_and_describe(sql):
    sql("alter stream s set comment = 'what is new'")
    (row,) = sql.shown("show streams")
    assert sql.shown("describe stream s") == [row]
    base = row["table_name"]
    assert (row["source_type"], row["base_tables"], row["type"], row["mode"]) == ("Table", base, "DELTA", "DEFAULT")
    assert (row["stale"], row["comment"], row["invalid_reason"]) == ("false", "what is new", "N/A")
    assert timedelta(days=13) < row["stale_after"] - row["created_on"] < timedelta(days=15)
    assert sql.shown("show terse streams")[0]["tableOn"] == base
    sql("alter stream s unset comment")
    assert sql.shown("show streams like 's'")[0]["comment"] == ""


def test_create_and_drop(sql):
    assert sql("create stream if not exists s on table t") == [("S already exists, statement succeeded.",)]
    assert sql.refusal("create stream s on table t").code == 2002
    assert sql.refusal("create stream u on table nowhere").code == 2003
    sql("insert into t values (2, 'two')")
    assert sql("create or replace stream s on table t") == [("Stream S successfully created.",)]
    assert sql.taken() == []
    assert sql("drop stream s") == [("S successfully dropped.",)]
    assert sql.refusal("drop stream s").code == 2003
    assert sql("drop stream if exists s") == [("Drop statement executed successfully.",)]
    assert sql.refusal("select * from s").code == 2003


@pytest.mark.parametrize(
    "statement",
    [
        "create stream x on view counted",
        "create stream x on stage files",
        "create stream x clone s",
        "create stream x on table t at (offset => -60)",
        "create stream x on table t insert_only = true",
        "alter stream s set append_only = true",
    ],
)
def test_what_is_refused(sql, statement):
    sql("create or replace view counted as select count(*) as n from t")
    assert sql.refusal(statement).sqlstate == "0A000"


def test_rows_of_a_stream_cannot_be_changed(sql):
    for statement in ("insert into s (k) values (1)", "delete from s", "update s set k = 1", "truncate table s"):
        assert "is a stream" in sql.refusal(statement).message


def test_nothing_is_left_when_the_last_stream_goes(sql):
    sql("create stream other on table t", "drop stream s", "insert into t values (2, 'two')")
    assert sql.taken("other", "k") == [(2, INSERT, False)]
    sql("drop stream other")
    of_the_table = "select comment from duckdb_tables() where schema_name = ? and contains(comment, 'history')"
    assert sql.session.fetch(of_the_table, [sql.session.schema]) == []
    assert "_NEVE" not in str(sql.shown("show tables in account")).upper()


def test_two_that_take_at_once_do_not_take_the_same(sql, client):
    from concurrent.futures import ThreadPoolExecutor

    sql(f"insert into t values {', '.join(f'({k}, null)' for k in range(2, 50))}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client()(TAKE), range(4)))
    assert sorted(k for (k,) in sql("select k from taken")) == list(range(2, 50))


CHILD = """
import os, sys
from pathlib import Path
from neve.local.engine import Engine
session = Engine.open(Path(sys.argv[1])).open_session("D", "PUBLIC")
session.execute("insert into t values (3, 'three')")
session.execute("begin")
session.execute("insert into t values (4, 'four')")
session.execute("insert into taken select k from s")
os._exit(9)
"""


def test_a_kill_loses_nothing_and_takes_nothing(tmp_path):
    engine = Engine.open(tmp_path)
    sql = Client(engine.open_session())
    sql(
        "create database d",
        "create table t (k int, v varchar)",
        "create stream s on table t",
        "create stream u on table t",
    )
    sql("create table taken (k int)", "insert into t values (1, 'one')", "insert into taken select k from s")
    sql("insert into t values (2, 'two')")
    engine.close()
    child = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], check=False, timeout=120)
    assert child.returncode == 9
    engine = Engine.open(tmp_path)
    sql = Client(engine.open_session("D", "PUBLIC"))
    assert sql.taken(columns="k") == [(2, INSERT, False), (3, INSERT, False)]
    assert sql.taken("u", "k") == [(k, INSERT, False) for k in (1, 2, 3)]
    sql("insert into taken select k from s", "insert into taken select k from u", "delete from t where k < 3")
    engine.close()
    engine = Engine.open(tmp_path)
    sql = Client(engine.open_session("D", "PUBLIC"))
    assert sql.taken(columns="k") == sql.taken("u", "k") == [(1, DELETE, False), (2, DELETE, False)]
    assert sql("select count(*) from t") == [(1,)]
    engine.close()


def test_a_number_beyond_64_bits_widens_the_history_too(sql):
    large = 10**30
    sql(f"insert into t values ({large}, 'large')")
    assert sql.taken(columns="k") == [(large, "INSERT", False)]
    sql("begin", "insert into t values (3, 'three')", f"update t set k = k * {large} where k = 3", "commit")
    assert sorted(sql("select k from t")) == [(1,), (large,), (3 * large,)]
    assert sorted(sql.taken(columns="k")) == [(large, "INSERT", False), (3 * large, "INSERT", False)]
