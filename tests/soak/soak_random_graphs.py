"""As tests/conformance/tasks/test_3_9_random_graphs.py, 2,000 times."""

import pytest
from hypothesis import HealthCheck, given, settings
from tests.conformance.tasks.fates import check
from tests.conformance.tasks.random_graphs import ACTIONS, graphs

pytestmark = pytest.mark.engine


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs(), actions=ACTIONS)
def test_the_engine_does_what_the_model_says(fated, graph, actions):
    check(fated, graph, actions)
