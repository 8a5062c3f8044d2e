"""Many sessions at once on one engine."""

import threading

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


def test_sessions_make_fill_and_drop_tables_side_by_side(engine, session):
    failures = []

    def work(number):
        own = engine.open_session(session.database, "PUBLIC")
        try:
            for turn in range(8):
                own.execute(f"create or replace table t{number} as select {turn} as a")
                own.execute(f"insert into t{number} select a + 1 from t{number}")
                if own.execute(f"select count(*), max(a) from t{number}").rows != [(2, turn + 1)]:
                    failures.append((number, turn))
            own.execute(f"drop table t{number}")
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_one_table_is_filled_by_many(engine, session):
    session.execute("create table t (a int)")

    def work(number):
        own = engine.open_session(session.database, "PUBLIC")
        for turn in range(20):
            own.execute("insert into t values (?)", (number * 100 + turn,))
        own.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.execute("select count(*), count(distinct a) from t").rows == [(100, 100)]


def test_schemas_are_made_side_by_side(engine, session):
    failures = []

    def work(number):
        own = engine.open_session(session.database, "PUBLIC")
        try:
            for turn in range(5):
                own.execute(f"create schema if not exists s{number}_{turn}")
                own.execute("create schema if not exists common")
                own.execute("create table if not exists common.t (a int)")
        except Exception as error:  # noqa: BLE001 - as above
            failures.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(session.engine.databases.schemas(session, session.database)) == 27


def test_of_many_that_make_one_table_one_succeeds(engine, session):
    made, refused = [], []
    barrier = threading.Barrier(6)

    def work(number):
        own = engine.open_session(session.database, "PUBLIC")
        for turn in range(5):
            barrier.wait()
            try:
                own.execute(f"create table lock_{turn} (holder int) comment = '{number}'")
                made.append(turn)
            except SqlError as error:
                refused.append(error.code)
        own.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 1, 2, 3, 4]
    assert refused == [2002] * 25
