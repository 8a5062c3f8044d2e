"""Tables that are changed: by ALTER, by CREATE OR ALTER, and what both refuse."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine
BEYOND = 2**70


def nullable(run, column="A"):
    return next(row[3] for row in run("describe table t") if row[0] == column) == "Y"


@pytest.mark.parametrize("body", ["a int primary key", "a int, primary key (a)"])
def test_a_primary_key_stays_not_null(run, body):
    for _ in range(2):
        run(f"create or alter table t ({body})")
        assert not nullable(run)
    with pytest.raises(SqlError, match=r"(?i)null"):
        run("insert into t values (null)")


def test_a_primary_key_of_a_new_column(run):
    run("create or alter table t (a int)", "create or alter table t (a int, b int primary key)")
    assert nullable(run)
    assert not nullable(run, "B")


def test_a_primary_key_that_is_added_makes_its_columns_not_null(run):
    run("create table t (a int)", "alter table t add primary key (a)")
    assert not nullable(run)


def test_a_primary_key_is_not_added_to_nulls(run):
    run("create table t (a int)", "insert into t values (null)")
    with pytest.raises(SqlError, match="contains null values"):
        run("alter table t add primary key (a)")
    assert run("show primary keys in table t") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("table t (a int)", "table t (a int autoincrement)"),
        ("table t (a int autoincrement)", "table t (a int)"),
        ("table t (a int autoincrement start 5)", "table t (a int autoincrement start 6)"),
        ("table t (a int)", "transient table t (a int)"),
        ("transient table t (a int)", "table t (a int)"),
        ("temporary table t (a int)", "table t (a int)"),
        ("table t (a int)", "table t (a int) with tag (mark = 'x')"),
        ("table t (a int)", "table t (a int with tag (mark = 'x'))"),
    ],
)
def test_what_create_or_alter_refuses(run, before, after):
    run("create tag mark", f"create {before}", "drop tag mark")
    with pytest.raises(SqlError, match="not supported by the local engine") as refused:
        run(f"create or alter {after}")
    assert (refused.value.code, refused.value.sqlstate) == (2, "0A000")


@pytest.mark.parametrize(
    "kind", ["table t (a int autoincrement start 5)", "transient table t (a int)", "temporary table t (a int)"]
)
def test_what_create_or_alter_leaves_as_it_is(run, kind):
    run(f"create or alter {kind}", f"create or alter {kind}")
    assert [row[0] for row in run("describe table t")] == ["A"]


def test_a_default_that_says_not_null(run):
    run("create table t (a int)", "alter table t add column b string default 'x NOT NULL y' not null")
    run("insert into t (a) values (1)")
    assert run("select b from t") == [("x NOT NULL y",)]
    run("create table u (a string default 'x NOT NULL y', primary key (a))")
    with pytest.raises(SqlError):
        run("insert into u values (null)")


def test_a_column_beyond_64_bits_keeps_its_room(run):
    run("create table t (n int)", f"insert into t values ({BEYOND})")
    run("alter table t alter column n set data type number(38,0)")
    assert run("select n from t") == [(BEYOND,)]


@pytest.mark.parametrize(
    "sql",
    [
        "alter table t alter column a set default",
        "alter table t add",
        "alter table t add column",
        "alter sequence sq set increment x",
        "alter sequence sq set increment",
        "describe schema a.b.c",
        *(f"create table u using template ({query})" for query in (
            "select 'text'",
            "select 1",
            "select null",
            "select array_construct(1)",
            "select array_construct(object_construct('A', 1))",
            "select object_construct('COLUMN_NAME', 'A', 'TYPE', 'INT')",
        )),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(run, sql):
    run("create table t (a int)", "create sequence sq")
    with pytest.raises(SqlError, match="SQL compilation error") as refused:
        run(sql)
    assert refused.value.code != 603


def test_keys_of_temporary_tables(run, engine):
    run("create temporary table tt (a int primary key)", "create table t (a int primary key)")
    names = {row[3] for row in run("show primary keys in schema d.s")}
    assert names == {"TT", "T"}
    assert "_neve" not in str(run("show primary keys in account"))
    other = engine.open_session("D", "S")
    assert {row[3] for row in other.execute("show primary keys in schema d.s").rows} == {"T"}
    other.close()


def test_a_primary_key_of_a_table_with_a_stream(run):
    run("create table t (a int)", "create stream changes on table t", "insert into t values (null), (1)")
    run("delete from t where a is null", "alter table t add primary key (a)")
    assert not nullable(run)
    run("insert into t values (2)", "alter table t drop primary key")
    assert sorted(row[0] for row in run("select a from changes")) == [1, 2]
