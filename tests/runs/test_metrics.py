"""What the registry says of models."""

import pytest

from neve.deploy.errors import SqlError
from neve.runs.metrics import read_metrics


class Refusing:
    """An account that refuses every statement."""

    def __init__(self, code):
        self.code = code

    def execute(self, _sql):
        raise SqlError("no", self.code)


def test_where_nothing_is_deployed_there_are_no_models():
    assert read_metrics(Refusing(2043), "DB", "S") == ()


def test_any_other_refusal_is_told():
    with pytest.raises(SqlError):
        read_metrics(Refusing(3001), "DB", "S")
