"""CREATE SCHEMA and DATABASE … CLONE: what is copied, and that the copy is apart."""

import pytest

pytestmark = pytest.mark.engine
SOURCE = """
create schema source
create sequence counted start 5
create table t (id int autoincrement start 10, n int default counted.nextval, s string comment 'c') comment = 'kept'
insert into t (s) values ('a'), ('b')
create view names as select s from t
create view again as select s from names
create view fixed as select s from {database}.source.t
create function next_of(a int) returns int as 'a + 1'
create procedure counted() returns int language sql as 'begin return (select count(*) from t); end'
create file format lines type = csv
create stage files
create stream changes on table t append_only = true
insert into t (s) values ('c')
create task root warehouse = w schedule = '10 minutes' as select 1
create task child warehouse = w after root as select 1
alter task child resume
"""


@pytest.fixture
def database(run, session):
    """The name of a database with the schema SOURCE."""
    run(*SOURCE.format(database=session.database).strip().splitlines())
    return session.database


@pytest.fixture(params=["schema", "database"])
def clone(request, run, session, database):
    """The session is in a copy of SOURCE."""
    if request.param == "schema":
        run("create schema copied clone source")
    else:
        run(f"create database {database}_copied clone {database}", "use schema source")
    return session


@pytest.mark.usefixtures("clone")
def test_tables_go_on_where_the_source_was(run, database):
    assert run("insert into t (s) values ('d')", "select * from t order by id") == [
        (10, 5, "a"),
        (11, 6, "b"),
        (12, 7, "c"),
        (13, 8, "d"),
    ]
    assert run(f"select count(*) from {database}.source.t") == [(3,)]
    assert run(f"insert into {database}.source.t (s) values ('e')", f"select max(n) from {database}.source.t") == [(8,)]


@pytest.mark.usefixtures("clone", "database")
def test_views_read_the_copy_unless_they_name_the_source(run):
    run("delete from t")
    assert run("select count(*) from again") == [(0,)]
    assert run("select count(*) from fixed") == [(3,)]


@pytest.mark.usefixtures("clone", "database")
def test_routines_and_formats_are_copied_and_internal_stages_not(run, dicts):
    assert run("select next_of(1)") == [(2,)]
    assert run("call counted()") == [(3,)]
    assert [row["name"] for row in dicts("show file formats")] == ["LINES"]
    assert dicts("show stages") == []


@pytest.mark.usefixtures("clone", "database")
def test_a_stream_begins_anew_on_the_copied_table(run):
    assert run("select s from changes") == []
    assert run("insert into t (s) values ('d')", "select s from changes") == [("d",)]


@pytest.mark.usefixtures("database")
def test_tasks_are_suspended_and_keep_their_links(clone, dicts):
    tasks = [(row["name"], row["state"], row["predecessors"]) for row in dicts("show tasks")]
    assert tasks == [
        ("CHILD", "suspended", f'["{clone.database}.{clone.schema}.ROOT"]'),
        ("ROOT", "suspended", "[]"),
    ]


def test_the_copy_outlives_its_source(run, session, database):
    run(f"create database {database}_copied clone {database}", f"drop database {database}", "use schema source")
    assert run("insert into t (s) values ('d')", "select count(*) from again") == [(4,)]
    assert session.database == f"{database}_COPIED"


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        ("create schema x clone nowhere", 2003, "NOWHERE' does not exist or not authorized."),
        ("create database x clone nowhere", 2003, "Database 'NOWHERE' does not exist or not authorized."),
        ("create schema x clone source at (offset => -60)", 2, "Time travel (AT, BEFORE) is not supported"),
    ],
)
@pytest.mark.usefixtures("database")
def test_what_cannot_be_copied(refused, statement, code, message):
    found = refused(statement)
    assert (found[0], message in found[1]) == (code, True)


def test_a_copied_table_counts_by_itself(run):
    run("create table t (id int autoincrement, s string)", "insert into t (s) values ('a')")
    run("create table u clone t", "create table w like t", "insert into t (s) values ('b')")
    assert run("insert into u (s) values ('c')", "select id, s from u order by id") == [(1, "a"), (2, "c")]
    assert run("insert into w (s) values ('d')", "select id, s from w") == [(1, "d")]
