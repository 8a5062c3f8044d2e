"""User-defined functions in SQL and in Python."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine

PYTHON = """CREATE OR REPLACE FUNCTION {head} LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
  PACKAGES = ('pandas') HANDLER = 'f' {more} AS $${code}$$"""


@pytest.fixture(scope="module", autouse=True)
def rows(session):
    session.execute("CREATE OR REPLACE TABLE T (A NUMBER, B VARCHAR)")
    session.execute("INSERT INTO T VALUES (1, 'x'), (2, NULL)")


@pytest.fixture
def create(session):
    def python(head, code, more=""):
        session.execute(PYTHON.format(head=head, code=code, more=more))

    yield python
    for row in session.execute("SHOW USER FUNCTIONS").dicts():
        session.execute("DROP FUNCTION " + row["arguments"].partition(" RETURN")[0].replace("DEFAULT ", ""))


def column(session, query):
    return [row[0] for row in session.execute(query).rows]


def test_sql_function_is_an_expression_of_its_arguments(session, create):
    session.execute("CREATE FUNCTION AREA(R FLOAT) RETURNS FLOAT AS 'ROUND(3.14 * r * r, 2)'")
    assert column(session, "SELECT AREA(A) FROM T ORDER BY A") == [3.14, 12.56]
    assert column(session, "SELECT D.PUBLIC.AREA(1 + 1)") == [12.56]


def test_sql_function_with_a_query_reads_its_own_schema_and_tells_arguments_from_columns(session, create):
    session.execute("CREATE FUNCTION PLUS_ALL(X NUMBER) RETURNS NUMBER AS $$ SELECT SUM(a) + x FROM t $$")
    session.execute("CREATE OR REPLACE SCHEMA D.OTHER")
    assert column(session, "SELECT D.PUBLIC.PLUS_ALL(A) FROM D.PUBLIC.T ORDER BY A") == [4, 5]
    session.execute("USE SCHEMA D.PUBLIC")


def test_functions_call_functions(session, create):
    session.execute("CREATE FUNCTION ONE(X NUMBER) RETURNS NUMBER AS 'x + 1'")
    session.execute("CREATE FUNCTION TWO(X NUMBER, Y NUMBER DEFAULT 10) RETURNS NUMBER AS 'one(one(x)) * y'")
    assert column(session, "SELECT TWO(1)") == [30]
    assert column(session, "BEGIN LET n := TWO(1, 2); RETURN n; END") == [6]


def test_function_that_calls_itself_is_refused(session, create):
    session.execute("CREATE FUNCTION AGAIN(X NUMBER) RETURNS NUMBER AS 'again(x)'")
    with pytest.raises(SqlError, match="calls itself"):
        session.execute("SELECT AGAIN(1)")


def test_python_function_runs_for_each_row(session, create):
    create("JOINED(X NUMBER, Y VARCHAR) RETURNS VARCHAR", "def f(x, y): return f'{x + 1}{y}'")
    assert column(session, "SELECT JOINED(A, B) FROM T ORDER BY A") == ["2x", "3None"]


def test_strict_python_function_skips_nulls(session, create):
    create("SHOUT(Y VARCHAR) RETURNS VARCHAR", "def f(y): return y.upper()", "RETURNS NULL ON NULL INPUT")
    assert column(session, "SELECT SHOUT(B) FROM T ORDER BY A") == ["X", None]


def test_python_function_takes_and_gives_variants(session, create):
    create("GROW(V VARIANT) RETURNS VARIANT", "def f(v): return {**v, 'n': len(v)}")
    assert column(session, "SELECT GROW(PARSE_JSON('{\"a\": 1}')):n::NUMBER") == [1]


def test_vectorized_function_gets_a_dataframe(session, create):
    code = """
import pandas
from _snowflake import vectorized
@vectorized(input=pandas.DataFrame)
def f(frame): return frame[0] * 2
"""
    create("DOUBLED(X FLOAT) RETURNS FLOAT", code)
    assert column(session, "SELECT DOUBLED(A) FROM T ORDER BY A") == [2.0, 4.0]


def test_failing_function_says_its_line(session, create):
    create("INVERSE(X NUMBER) RETURNS FLOAT", "\ndef f(x):\n    return 1 / (x - 2)\n")
    with pytest.raises(SqlError) as caught:
        session.execute("SELECT INVERSE(A) FROM T")
    assert caught.value.code == 100357
    assert caught.value.message == (
        'Python Interpreter Error:\nTraceback (most recent call last):\n  File "_udf_code.py", line 3, in f\n'
        "    return 1 / (x - 2)\nZeroDivisionError: division by zero\n in function INVERSE with handler f"
    )
    assert column(session, "SELECT INVERSE(3)") == [1.0]


def test_replaced_function_runs_its_new_code(session, create):
    create("VERSION() RETURNS NUMBER", "def f(): return 1")
    assert column(session, "SELECT VERSION() FROM T") == [1, 1]
    create("VERSION() RETURNS NUMBER", "def f(): return 2")
    assert column(session, "SELECT VERSION() FROM T") == [2, 2]


def test_wrong_number_of_arguments(session, create):
    session.execute("CREATE FUNCTION ONE(X NUMBER) RETURNS NUMBER AS 'x + 1'")
    with pytest.raises(SqlError, match=r"ONE\(NUMBER\)"):
        session.execute("SELECT ONE(1, 2)")


@pytest.mark.parametrize(
    ("returns", "body", "called"),
    [
        ("NUMBER", "SELECT MAX(x) FROM (WITH one AS (SELECT 1 AS x) SELECT x FROM one)", "SELECT f()"),
        ("TABLE (x NUMBER)", "WITH one AS (SELECT 1 AS x) SELECT x FROM one", "SELECT x FROM TABLE(f())"),
    ],
)
def test_a_name_of_with_in_the_body_is_no_table_of_the_functions_schema(session, returns, body, called):
    session.execute(f"CREATE OR REPLACE FUNCTION f() RETURNS {returns} AS '{body}'")
    assert session.execute(called).rows == [(1,)]
