"""Two applies at once: one works, the other is told who does."""

import threading

import pytest

from neve.deploy.apply import apply, read_plan
from neve.deploy.errors import Locked, Stale


class Shared:
    """One account that two threads use at once, a statement at a time."""

    def __init__(self, account):
        self.account, self.turn = account, threading.Lock()

    def execute(self, sql):
        with self.turn:
            return self.account.execute(sql)


@pytest.mark.parametrize("_start", range(100))
def test_of_two_applies_at_once_at_most_one_works_at_a_time(_start, account, project, script, task):
    shared = Shared(account)
    account.rows.close()
    import sqlite3

    account.rows = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    made = script({"R": {"A": task(), "B": task(("A",))}})
    plans = [read_plan(made, shared, project) for _ in range(2)]
    ends = []
    together = threading.Barrier(2)

    def work(plan):
        together.wait()
        try:
            ends.append(apply(plan, shared))
        except (Locked, Stale) as error:
            ends.append(error)

    threads = [threading.Thread(target=work, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    losers = [end for end in ends if not isinstance(end, int)]
    assert len(ends) == 2
    assert len(losers) == 1
    assert isinstance(losers[0], Stale) or "another apply" in losers[0].message
    created = [sql for sql in account.sent if sql.startswith("CREATE OR ALTER TASK DB.S.R ")]
    assert len(created) == 1
    assert read_plan(made, shared, project).steps == ()
