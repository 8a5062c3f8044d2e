"""Many sessions at once on one engine."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


def side_by_side(session, count, work):
    """Does `work(own, number)` in so many threads at once, each with a session of its own; raises what one raises."""

    def one(number):
        own = session.engine.open_session(session.database, "PUBLIC")
        try:
            work(own, number)
        finally:
            own.close()

    with ThreadPoolExecutor(count) as threads:
        list(threads.map(one, range(count)))


def test_sessions_make_fill_and_drop_tables_side_by_side(session):
    def work(own, number):
        for turn in range(8):
            own.execute(f"create or replace table t{number} as select {turn} as a")
            own.execute(f"insert into t{number} select a + 1 from t{number}")
            assert own.execute(f"select count(*), max(a) from t{number}").rows == [(2, turn + 1)]
        own.execute(f"drop table t{number}")

    side_by_side(session, 6, work)


def test_one_table_is_filled_by_many(session):
    session.execute("create table t (a int)")

    def work(own, number):
        for turn in range(20):
            own.execute("insert into t values (?)", (number * 100 + turn,))

    side_by_side(session, 5, work)
    assert session.execute("select count(*), count(distinct a) from t").rows == [(100, 100)]


def test_schemas_are_made_side_by_side(session):
    def work(own, number):
        for turn in range(5):
            own.execute(f"create schema if not exists s{number}_{turn}")
            own.execute("create schema if not exists common")
            own.execute("create table if not exists common.t (a int)")

    side_by_side(session, 5, work)
    assert len(session.engine.databases.schemas(session, session.database)) == 27


def test_of_many_that_make_one_table_one_succeeds(session):
    made, refused = [], []
    barrier = threading.Barrier(6)

    def work(own, number):
        for turn in range(5):
            barrier.wait()
            try:
                own.execute(f"create table lock_{turn} (holder int) comment = '{number}'")
                made.append(turn)
            except SqlError as error:
                refused.append(error.code)

    side_by_side(session, 6, work)
    assert sorted(made) == [0, 1, 2, 3, 4]
    assert refused == [2002] * 25
