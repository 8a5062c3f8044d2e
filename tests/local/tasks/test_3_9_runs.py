"""Fact sheet 3.9 through the engine: random graphs, run and retried, against an independent model."""

import random

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.9")]

BODIES = {"ok": "SELECT 1", "fails": "SELECT 1 / ok FROM flag", "skipped": "SELECT 1"}


def random_graph(chance):
    """Names in topological order -> (predecessors, how it ends, whether it is suspended)."""
    graph = {}
    for place in range(chance.randint(2, 9)):
        above = ["R", *graph]
        graph[f"T{place}"] = (
            sorted(chance.sample(above, min(len(above), chance.randint(1, 3)))),
            chance.choices(["ok", "fails", "skipped"], [6, 2, 1])[0],
            chance.random() < 0.15,
        )
    return graph


def model(graph, flag, before=None):
    """The states of the tasks that have a row; `before` is what the attempt before this one left."""
    states = {"R": "SUCCEEDED"}
    for name, (predecessors, ending, is_suspended) in graph.items():
        live = [p for p in predecessors if p == "R" or not graph[p][2]]
        if is_suspended or not live or any(states.get(p) != "SUCCEEDED" for p in live):
            continue
        states[name] = {"ok": "SUCCEEDED", "fails": "SUCCEEDED" if flag else "FAILED", "skipped": "SKIPPED"}[ending]
    kept = {name for name, state in (before or {}).items() if state != "FAILED"}
    return {name: state for name, state in states.items() if name not in kept}


@pytest.mark.parametrize("seed", range(25))
def test_a_random_graph(sql, seed):
    graph = random_graph(random.Random(seed))
    sql("CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)", "CREATE TASK r AS SELECT 1")
    for name, (predecessors, ending, is_suspended) in graph.items():
        when = "WHEN 1 = 2" if ending == "skipped" else ""
        sql(f"CREATE TASK {name} AFTER {', '.join(predecessors)} {when} AS {BODIES[ending]}")
        if not is_suspended:
            sql(f"ALTER TASK {name} RESUME")
    first = model(graph, flag=0)
    assert sql.run() == first
    has_failed = "FAILED" in first.values()
    assert sql.last()["STATE"] == ("FAILED" if has_failed else "SUCCEEDED")
    if has_failed:
        sql("UPDATE flag SET ok = 1")
        assert sql.retry() == model(graph, flag=1, before=first)
        assert sql.last()["STATE"] == "SUCCEEDED"
