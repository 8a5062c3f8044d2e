"""A model's methods in queries: `MODEL(m, v)!PREDICT(…)`, run by the model's own handlers."""

import pytest

from neve.local.errors import SqlError
from neve.local.models.aliases import write_out

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("MODEL(M, V1)!PREDICT(7)", 14),
        ("MODEL(M, V2)!PREDICT(7)", 21),
        ("MODEL(D.PUBLIC.M, LAST)!PREDICT(7)", 21),
        ('MODEL("D"."PUBLIC"."M", "V2")!PREDICT(7)', 21),
        ("MODEL(M)!PREDICT(7)", 14),
        ("M!predict(7)", 14),
    ],
)
def test_version_by_name_by_alias_or_the_default(served, call, value):
    assert served.execute(f"SELECT {call}:TIMES::INT").rows == [(value,)]


def test_named_in_the_with_clause(served):
    query = """
        WITH numbers AS (SELECT 2 AS x UNION ALL SELECT 3), tripling AS MODEL m VERSION v2
        SELECT tripling!PREDICT(x):TIMES::INT FROM numbers ORDER BY x
    """
    assert served.execute(query).rows == [(6,), (9,)]


def test_every_row_gets_its_own_answer(served):
    query = """
        SELECT COUNT(*), COUNT_IF(MODEL(M, V2)!PREDICT(n):TIMES::INT = 3 * n)
        FROM (SELECT ROW_NUMBER() OVER (ORDER BY NULL) AS n FROM TABLE(GENERATOR(ROWCOUNT => 10000)))
    """
    assert served.execute(query).rows == [(10000, 10000)]


def test_table_made_of_predictions(served):
    served.execute("CREATE TABLE T AS SELECT 4 AS X, M!PREDICT(4):TIMES::INT AS Y")
    assert served.execute("SELECT * FROM T").rows == [(4, 8)]


def test_failing_handler_fails_the_statement_with_its_error(served):
    with pytest.raises(SqlError) as caught:
        served.execute("SELECT M!PREDICT(-1)")
    assert "ValueError: no negative numbers" in caught.value.message
    assert served.execute("SELECT M!PREDICT(1):TIMES::INT").rows == [(2,)]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("M!EXPLAIN(1)", "Unknown function"),
        ("M!PREDICT(1, 2)", "takes 1 arguments, not 2"),
        ("NOPE!PREDICT(1)", "Model 'D.PUBLIC.NOPE' does not exist"),
        ("MODEL(M, V9)!PREDICT(1)", "Version 'V9'"),
        ("M!SPREAD(1)", "table function SPREAD of a model is not supported"),
    ],
)
def test_refusals_say_what_was_wrong(served, call, says):
    with pytest.raises(SqlError) as caught:
        served.execute(f"SELECT {call}")
    assert says in caught.value.message


def test_text_without_models_is_left_alone():
    for text in ("WITH a AS (SELECT 1) SELECT * FROM a", "SELECT x AS model FROM t"):
        assert write_out(text) == text
