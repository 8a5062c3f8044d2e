"""Fact sheet 3.2 to 3.5, 3.9: random graphs with random failures, skips, suspensions and retries, run by the engine
and by a model of the algorithm: the same states, attempt by attempt. tests/soak does more of them.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from tests.conformance.tasks.fates import FatedEngine, check
from tests.conformance.tasks.model import CANCELLED, DONE, FAILED, SKIPPED, SUSPENDING, Graph, Node
from tests.conformance.tasks.random_graphs import ACTIONS, expected, graphs

from neve.local.tasks import execution

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.2", "3.3", "3.4", "3.5", "3.9")]


@pytest.fixture
def fated(sql, monkeypatch):
    engine = FatedEngine(sql)
    monkeypatch.setattr(execution, "_run_body", engine.end_body)
    return engine


# Whose automatic retry was cancelled: that graph run does not count as a failure.
CANCELLED_IN_THE_END = Graph(Node(fate=(FAILED, CANCELLED, FAILED)), {}, None, retries=1, failures=2)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@example(graph=CANCELLED_IN_THE_END, actions=["run", "run"])
@given(graph=graphs(), actions=ACTIONS)
def test_the_engine_does_what_the_model_says(fated, graph, actions):
    check(fated, graph, actions)


def test_the_cases_are_not_all_alike():
    """A comparison is worth what it meets: each kind of thing occurs."""
    seen = Counter()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(graph=graphs(), actions=ACTIONS)
    def look(graph, actions):
        account, refusals = expected(graph, actions)
        attempts = [attempt for group in account.groups for attempt in group.attempts]
        seen.update({attempt.state for attempt in attempts} | {attempt.cause for attempt in attempts})
        seen.update({state for attempt in attempts for state in attempt.rows.values()} | set(refusals))

    look()
    kinds = {DONE, SKIPPED, FAILED, CANCELLED, SUSPENDING, 91456, 91457, "AUTOMATIC RETRY", "MANUAL RETRY"}
    assert {kind for kind in kinds if seen[kind] < 3} == set()
