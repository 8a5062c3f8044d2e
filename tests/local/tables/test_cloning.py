"""Copies of what they take the place of, and copies that fail: nothing is lost, and nothing is left over."""

import itertools

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine
NUMBERS = itertools.count(1)
BROKEN = (
    "create schema broken",
    "create function f(a int) returns int as 'a + 1'",
    "create table t as select 1 as n",
    "create view v as select n from t",
    "drop table t",
)


@pytest.mark.parametrize(("how", "rows"), [("clone", [(10, "x")]), ("like", [])])
def test_a_table_in_place_of_its_model(run, how, rows):
    run("create table t (id int autoincrement start 10, s string, primary key (id))", "insert into t (s) values ('x')")
    run(f"create or replace table t {how} t")
    assert run("select * from t") == rows
    assert [row[3] for row in run("show primary keys in table t")] == ["T"]


def test_a_schema_is_not_replaced_by_itself(run):
    run("create schema s1", "create table t as select 1 as n")
    with pytest.raises(SqlError, match="itself"):
        run("create or replace schema s1 clone s1")
    assert run("select n from d.s1.t") == [(1,)]


def test_a_database_is_not_replaced_by_itself(run):
    run("create table t as select 1 as n")
    with pytest.raises(SqlError, match="itself"):
        run("create or replace database d clone d")
    assert run("select n from d.s.t") == [(1,)]


def test_a_copy_that_fails_leaves_nothing(run):
    run(*BROKEN)
    with pytest.raises(SqlError):
        run("create schema copied clone broken")
    assert run("show user functions like 'f' in account") != []
    assert [row[2] for row in run("show user functions like 'f' in account")] == ["BROKEN"]


def test_what_a_failing_copy_was_to_replace_stays(run):
    run(*BROKEN, "create schema kept", "create table k as select 1 as n")
    run("create procedure p() returns int language sql as 'begin return 1; end'")
    run("create stage files")
    with pytest.raises(SqlError):
        run("create or replace schema kept clone broken")
    assert run("select n from d.kept.k") == [(1,)]
    assert run("call d.kept.p()") == [(1,)]
    assert len(run("show stages in schema d.kept")) == 1
    assert run("show schemas like '_neve%' in account") == []


def test_a_database_that_a_failing_copy_was_to_replace_stays(run):
    run(*BROKEN, "create or replace database kept", "create table k as select 1 as n")
    with pytest.raises(SqlError):
        run("create or replace database kept clone d")
    assert run("select n from kept.public.k") == [(1,)]
    assert run("show databases like '_neve%'") == []
    run("drop database kept")


def test_a_copy_in_place_of_another_schema(run):
    run("create schema source", "create table t as select 1 as n", "create schema other")
    run("create procedure p() returns int language sql as 'begin return 1; end'")
    run("create or replace schema other clone source")
    assert run("select n from d.other.t") == [(1,)]
    with pytest.raises(SqlError):
        run("call d.other.p()")


def test_a_schema_that_is_replaced_loses_its_routines(run):
    run("create schema other", "create procedure p() returns int language sql as 'begin return 1; end'")
    run("create or replace schema other")
    with pytest.raises(SqlError):
        run("call d.other.p()")


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (("create tag s.mark",), "tags"),
        (("create table s.t (a int)", "alter table s.t set tag public.mark = 'x'"), "tags"),
        (("create table s.t (a int with tag (public.mark = 'x'))",), "tags"),
        (("alter schema s set tag public.mark = 'x'",), "tags"),
        (("create table s.t (a int)", "grant select on table s.t to role reader"), "grants"),
        (("grant usage on schema s to role reader",), "grants"),
        (("grant select on future tables in schema s to role reader",), "grants"),
        (("create temporary table s.t (a int)",), "temporary tables"),
    ],
)
def test_a_schema_is_not_renamed_when_something_would_be_lost(run, made, named):
    database = f"own_{next(NUMBERS)}"
    run("create role if not exists reader", f"create database {database}", "create tag mark", "create schema s", *made)
    with pytest.raises(SqlError, match=f"a schema with {named}"):
        run(f"alter schema {database}.s rename to {database}.s2")
    with pytest.raises(SqlError, match="a schema with"):
        run(f"alter database {database} rename to {database}_2")
    run(f"drop database {database}")
