"""Views of what is made when it is read: histories, INFORMATION_SCHEMA, user-defined functions, the session."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def run(session):
    return lambda *texts: [session.execute(text) for text in texts][-1].rows


def test_the_rows_of_information_schema_are_those_of_the_moment(run):
    run("create view held as select table_name from information_schema.tables where table_type = 'BASE TABLE'")
    run("create table later (a int)")
    assert run("select * from held where table_name = 'LATER'") == [("LATER",)]
    run("create view again as select count(*) as n from held where table_name = 'LATER'", "drop table later")
    assert run("select n from again") == [(0,)]


def test_histories_can_be_read(run):
    run("create task root warehouse = w schedule = '60 minutes' as select 1", "alter task root resume")
    run("create view due as select name, state from table(information_schema.task_history(task_name => 'ROOT'))")
    assert run("select * from due") == [("ROOT", "SCHEDULED")]


def test_a_function_that_was_replaced_is_called(run):
    run("create function f(a int) returns int as 'a + 1'", "create view v as select f(1) as x, f(2) as y")
    run("create or replace function f(a int) returns int as 'a * 100'")
    assert run("select * from v") == [(100, 200)]


def test_names_in_it_are_of_its_own_schema(run, session):
    run("create function f(a int) returns int as 'a + 1'", "create function g(a int) returns int as 'f(a) * 2'")
    run("create view v as select g(1) as x")
    schema = session.schema
    run(f"create schema apart_of_{schema}")
    assert run(f"select x, {schema}.g(2) as y from {schema}.v") == [(4, 6)]


def test_the_role_is_that_of_who_reads(run):
    run("create view me as select current_role() as role", "use role sysadmin")
    assert run("select role from me") == [("SYSADMIN",)]
    run("use role accountadmin")
    assert run("select role from me") == [("ACCOUNTADMIN",)]


def test_a_copy_of_its_schema_has_its_own(run, session):
    source = session.schema
    run("create table t (a int)", "create stream s on table t", "create view v as select a from s")
    run(f"create schema copy_of_{source} clone {source}", "insert into t values (1)")
    assert run("select * from v") == [(1,)]
    assert run(f"select * from {source}.v") == []
