"""The engine takes whatever statement is sent: 3,000 broken ones of the 20,000 that `make fuzz` tries."""

import pytest

from fuzz.statements import STATEMENTS, Statements
from fuzz.trials import Problem, shortest

pytestmark = pytest.mark.engine
CASES = 3000
PARTS = 4


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    opened = Statements(tmp_path_factory.mktemp("engine"))
    yield opened
    opened.close()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_unbroken_nothing_is_wrong(statements, statement):
    assert statements.problem("statement", statement.encode()) == ""


@pytest.mark.parametrize("part", range(PARTS))
def test_broken_statements_give_answers_or_errors_of_snowflakes(statements, part):
    for seed in range(part, CASES, PARTS):
        name, body = statements.case(seed)
        text = statements.problem(name, body)
        if text:
            least = shortest(statements, Problem(seed, name, body, text))
            pytest.fail(f"seed {seed}: {text}\n{least.body!r}")
