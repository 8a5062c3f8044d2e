"""Transactions: what is kept, what an error leaves, what a second writer meets."""

import threading

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def table(session):
    session.execute("create table t (a int)")


def test_rollback_takes_changes_back(session, rows):
    session.execute("begin")
    session.execute("insert into t values (1)")
    session.execute("rollback")
    assert rows("select * from t") == []


def test_an_error_does_not_end_the_transaction(session, rows, refused):
    session.execute("begin transaction")
    session.execute("insert into t values (1)")
    assert refused("select nope") == (904, "42000")
    assert refused("insert into t values ('x')") == (100038, "22018")
    session.execute("insert into t values (2)")
    session.execute("commit")
    assert rows("select a from t order by a") == [(1,), (2,)]


def test_commit_without_a_transaction_changes_nothing(session):
    assert session.execute("commit").rows == [("Statement executed successfully.",)]


def test_without_autocommit_a_change_opens_a_transaction(session, rows):
    session.execute("alter session set autocommit = false")
    session.execute("insert into t values (1)")
    session.execute("rollback")
    session.execute("alter session set autocommit = true")
    assert rows("select * from t") == []


def test_others_see_changes_after_commit_only(session, engine):
    other = engine.open_session(session.database, session.schema)
    session.execute("begin")
    session.execute("insert into t values (1)")
    assert other.execute("select count(*) from t").rows == [(0,)]
    session.execute("commit")
    assert other.execute("select count(*) from t").rows == [(1,)]
    other.close()


def test_writers_of_one_row_wait_for_each_other(session, engine, rows):
    session.execute("insert into t values (0)")

    def add():
        own = engine.open_session(session.database, session.schema)
        for _ in range(20):
            own.execute("update t set a = a + 1")
        own.close()

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows("select a from t") == [(60,)]


def test_a_transaction_that_meets_anothers_change_is_told(session, engine, rows, refused):
    session.execute("insert into t values (0)")
    other = engine.open_session(session.database, session.schema)
    other.execute("begin")
    other.execute("update t set a = 2")
    session.execute("alter session set lock_timeout = 1")
    session.execute("begin")
    assert refused("update t set a = 1") == (625, "57014")
    session.execute("rollback")
    other.execute("commit")
    assert rows("select a from t") == [(2,)]
    other.close()


def test_transactions_that_write_one_row_wait_for_each_other(session, engine, rows):
    session.execute("insert into t values (0)")
    session.execute("create table log (a int)")

    def add():
        own = engine.open_session(session.database, session.schema)
        for _ in range(10):
            for statement in ("begin", "insert into log values (1)", "update t set a = a + 1", "commit"):
                own.execute(statement)
        own.close()

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows("select a from t") == rows("select count(*) from log") == [(30,)]


def test_transactions_that_lock_each_other_out_get_through(session, engine, rows):
    session.execute("insert into t values (0)")
    session.execute("create table u as select 0 as a")

    def add(first, second):
        own = engine.open_session(session.database, session.schema)
        for _ in range(5):
            for statement in ("begin", f"update {first} set a = a + 1", f"update {second} set a = a + 1", "commit"):
                own.execute(statement)
        own.close()

    threads = [threading.Thread(target=add, args=names) for names in (("t", "u"), ("u", "t"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows("select a from t") == rows("select a from u") == [(10,)]


def test_ddl_commits_what_is_open(session, rows):
    session.execute("begin")
    session.execute("insert into t values (1)")
    session.execute("create table u (a int)")
    session.execute("rollback")
    assert rows("select * from t") == [(1,)]


def test_a_time_zone_that_does_not_exist_ends_no_transaction(session):
    session.execute("create table zoned (a int)")
    session.execute("begin")
    session.execute("insert into zoned values (1)")
    with pytest.raises(SqlError, match="invalid value"):
        session.execute("alter session set timezone = 'Nowhere'")
    session.execute("commit")
    assert session.execute("select * from zoned").rows == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "drop schema beside",
        "create or replace schema beside",
        "alter schema beside rename to x",
        "create database x_{}",
    ],
)
def test_what_changes_containers_commits(session, rows, statement):
    session.execute("create schema beside")
    home = f"{session.database}.public"
    session.execute(f"use schema {home}")
    session.execute("begin")
    session.execute("insert into t values (1)")
    session.execute(statement.format(session.database))
    session.execute("rollback")
    assert rows(f"select count(*) from {home}.t") == [(1,)]


def test_a_transaction_is_shown_while_it_is_open(session, rows):
    session.execute("begin name told")
    (shown,) = session.execute("show transactions").dicts()
    assert (shown["name"], shown["state"]) == ("told", "running")
    session.execute("commit")
    assert session.execute("show transactions").rows == []
    assert rows("select current_transaction(), last_transaction()") == [(None, str(shown["id"]))]
