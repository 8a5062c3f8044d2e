"""An apply killed at any statement: the next one converges, and no graph runs that is half old and half new."""

import random
from datetime import timedelta

import pytest

from neve.deploy.apply import apply, read_plan

PAIRS = 150


class Killed(BaseException):
    """The process is gone: nothing that it would still do happens."""


def random_graphs(chance, task):
    """Up to three graphs of up to four tasks each; names repeat from call to call, definitions differ."""
    graphs = {}
    for root in chance.sample("PQR", chance.randint(1, 3)):
        names = chance.sample("ABCD", chance.randint(0, 4))
        graphs[root] = {
            name: task(
                tuple(sorted(chance.sample(names[:place], chance.randint(0, min(2, place))))),
                f"select {chance.randint(1, 2)}",
                chance.random() < 0.3,
            )
            for place, name in enumerate(names)
        }
    return graphs


def random_script(chance, script, task):
    graphs = random_graphs(chance, task)
    finalizers = {root for root in graphs if chance.random() < 0.5}
    unscheduled = {root for root in graphs if chance.random() < 0.2}
    views = {name: f"select {chance.randint(1, 2)}" for name in "VW" if chance.random() < 0.5}
    return script(graphs, finalizers=finalizers, unscheduled=unscheduled, views=views)


def apply_until(account, plan, number, *, after):
    """Apply a plan, and die before or after its statement `number`; False when it got to its end alive."""
    seen = 0

    def count(sql):
        nonlocal seen
        seen += not sql.startswith(("SHOW", "SELECT"))
        if seen > number if after else seen >= number:
            raise Killed

    account.on_statement = count
    try:
        apply(plan, account)
    except Killed:
        return False
    finally:
        account.on_statement = lambda _sql: None
    return True


def assert_nothing_mixed_runs(account, old, new):
    for name, task in account.tasks.items():
        if not task.after and not task.finalize and task.state == "started":
            assert account.graph(name) in (old.graph(name), new.graph(name)), name


@pytest.mark.parametrize("seed", range(PAIRS))
def test_killed_at_any_statement_the_next_apply_converges(seed, account, project, script, task):
    chance = random.Random(seed)
    first, second = random_script(chance, script, task), random_script(chance, script, task)
    apply(read_plan(first, account, project), account)
    plan = read_plan(second, account, project)
    goal = account.copy()
    if plan.steps:
        apply(plan, goal)

    killed = True
    number = 0
    while killed and plan.steps:
        number += 1
        crashed = account.copy()
        killed = not apply_until(crashed, plan, number, after=False)
        assert_nothing_mixed_runs(crashed, account, goal)
        crashed.now += timedelta(hours=1)
        again = read_plan(second, crashed, project)
        if again.steps:
            apply(again, crashed)
        assert crashed.definition() == goal.definition()
        assert read_plan(second, crashed, project).steps == ()
