"""CREATE, DROP, ALTER, SHOW, DESCRIBE of procedures; procedures in SQL; the anonymous form (fact sheet 6.1)."""

import pytest

from neve.local.engine import Engine
from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine

PYTHON = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main'"
CODE = "$$def main(session, *given): return 'python'$$"


@pytest.fixture(autouse=True)
def clean(session):
    yield
    session.execute("DROP SCHEMA IF EXISTS D.MADE")
    session.execute("USE SCHEMA D.PUBLIC")


@pytest.fixture
def made(session):
    """A schema that is empty at the start of each test, and current."""
    session.execute("CREATE SCHEMA D.MADE")
    session.execute("USE SCHEMA D.MADE")
    return session


def refused(session, text):
    with pytest.raises(SqlError) as caught:
        session.execute(text)
    return caught.value


def value(session, text):
    return session.execute(text).rows[0][0]


# CREATE, DROP, ALTER
def test_create_says_so_and_refuses_a_taken_name(made):
    create = "CREATE PROCEDURE {} P(A NUMBER) RETURNS VARCHAR AS 'BEGIN RETURN a; END'"
    assert value(made, create.format("")) == "Function P successfully created."
    error = refused(made, create.format(""))
    assert (error.code, error.sqlstate) == (2002, "42710")
    assert value(made, create.format("IF NOT EXISTS")) == "P already exists, statement succeeded."


def test_replacing_changes_the_body(made):
    made.execute("CREATE PROCEDURE P() RETURNS NUMBER AS 'BEGIN RETURN 1; END'")
    made.execute("CREATE OR REPLACE PROCEDURE P() RETURNS NUMBER AS 'BEGIN RETURN 2; END'")
    assert value(made, "CALL P()") == 2


def test_drop_takes_the_overload_that_it_names(made):
    made.execute("CREATE PROCEDURE P(A NUMBER) RETURNS VARCHAR AS 'BEGIN RETURN a; END'")
    made.execute("CREATE PROCEDURE P(A NUMBER(10, 2), B STRING) RETURNS VARCHAR AS 'BEGIN RETURN a || b; END'")
    assert value(made, "DROP PROCEDURE P(NUMBER, VARCHAR)") == "P successfully dropped."
    assert value(made, "CALL P(1)") == "1"
    assert refused(made, "DROP PROCEDURE P(NUMBER, VARCHAR)").code == 2003
    assert "already dropped" in value(made, "DROP PROCEDURE IF EXISTS P(NUMBER, VARCHAR)")


def test_dropped_schema_takes_its_procedures(made):
    made.execute("CREATE PROCEDURE P() RETURNS NUMBER AS 'BEGIN RETURN 1; END'")
    made.execute("DROP SCHEMA D.MADE")
    made.execute("CREATE SCHEMA D.MADE")
    assert refused(made, "CALL D.MADE.P()").code == 2141


def test_alter_changes_comment_rights_and_name(made):
    made.execute("CREATE PROCEDURE P() RETURNS VARCHAR COMMENT = 'old' AS 'BEGIN RETURN 1; END'")
    made.execute("ALTER PROCEDURE P() SET COMMENT = 'new'")
    made.execute("ALTER PROCEDURE P() EXECUTE AS CALLER")
    made.execute("ALTER PROCEDURE P() RENAME TO Q")
    (row,) = made.execute("SHOW PROCEDURES").dicts()
    assert (row["name"], row["description"]) == ("Q", "new")
    assert ("execute as", "CALLER") in made.execute("DESC PROCEDURE Q()").rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("P() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'x'", "LANGUAGE JAVASCRIPT is not supported by the local engine."),
        (f"P() RETURNS VARCHAR {PYTHON.replace('snowpark-python', 'snowpark-python==0.1')} AS {CODE}", "has version"),
        (f"P() RETURNS VARCHAR {PYTHON.replace('snowflake-snowpark-python', 'pandas')} AS {CODE}", "must contain"),
        (f"P() RETURNS VARCHAR {PYTHON.partition('HANDLER')[0]} AS {CODE}", "needs HANDLER = "),
        (f"P() RETURNS VARCHAR {PYTHON.replace('3.11', '2.7')} AS {CODE}", "'2.7' for RUNTIME_VERSION"),
        (f"P() RETURNS NOTATYPE {PYTHON} AS {CODE}", "Unsupported data type 'NOTATYPE'"),
        (f"P() RETURNS VARCHAR {PYTHON} SECRETS = ('a' = b) AS {CODE}", "SECRETS is not supported"),
        (f"NOWHERE.P() RETURNS VARCHAR {PYTHON} AS {CODE}", "does not exist or not authorized"),
    ],
)
def test_create_refuses_what_it_cannot_run(made, text, message):
    assert message in refused(made, f"CREATE PROCEDURE {text}").message


def test_missing_package_is_named_with_what_to_type(made):
    packages = PYTHON.replace("-python'", "-python', 'no-such-thing>=2'")
    error = refused(made, f"CREATE PROCEDURE P() RETURNS VARCHAR {packages} AS {CODE}")
    assert "package 'no-such-thing' in PACKAGES is not installed" in error.message
    assert "pip install no-such-thing" in error.message


def test_packages_are_found_under_snowflakes_names(made):
    packages = PYTHON.replace("-python'", "-python', 'snowflake.core', 'xgboost', 'pandas>=1,<9', 'cloudpickle==*'")
    made.execute(f"CREATE PROCEDURE P() RETURNS VARCHAR {packages} AS {CODE}")


# SHOW, DESCRIBE
def test_show_lists_names_arguments_and_comment(made):
    made.execute(
        f"""CREATE PROCEDURE TRAIN(A NUMBER, B STRING DEFAULT 'x') RETURNS VARCHAR {PYTHON}
        COMMENT = 'trains it' AS {CODE}"""
    )
    made.execute("CREATE PROCEDURE OTHER() RETURNS TABLE (N NUMBER) AS 'BEGIN RETURN 1; END'")
    rows = {row["name"]: row for row in made.execute("SHOW PROCEDURES IN SCHEMA D.MADE").dicts()}
    assert rows["TRAIN"]["description"] == "trains it"
    assert rows["TRAIN"]["arguments"] == "TRAIN(NUMBER, DEFAULT VARCHAR) RETURN VARCHAR"
    assert (rows["TRAIN"]["min_num_arguments"], rows["TRAIN"]["max_num_arguments"]) == (1, 2)
    assert (rows["TRAIN"]["catalog_name"], rows["TRAIN"]["schema_name"], rows["TRAIN"]["is_builtin"]) == (
        "D",
        "MADE",
        "N",
    )
    assert rows["OTHER"]["is_table_function"] == "Y"
    assert [row["name"] for row in made.execute("SHOW PROCEDURES LIKE 'tr%' IN SCHEMA MADE").dicts()] == ["TRAIN"]


def test_describe_gives_the_whole_definition(made):
    made.execute(f"CREATE PROCEDURE P(A NUMBER) RETURNS VARCHAR {PYTHON} STRICT EXECUTE AS CALLER AS {CODE}")
    described = dict(made.execute("DESCRIBE PROCEDURE P(INT)").rows)
    assert described["body"] == CODE.strip("$")
    assert described["signature"] == "(A NUMBER)"
    assert described["null handling"] == "RETURNS NULL ON NULL INPUT"
    assert described["handler"] == "main"
    assert described["packages"] == "['snowflake-snowpark-python']"
    assert described["execute as"] == "CALLER"


# Procedures in SQL
def test_sql_procedure_knows_its_arguments(made):
    made.execute(
        """CREATE PROCEDURE ADDS(A NUMBER, B NUMBER DEFAULT 10) RETURNS VARCHAR LANGUAGE SQL AS
        $$
        BEGIN
          LET total := a + (SELECT :b);
          RETURN 'sum ' || total;
        END
        $$"""
    )
    result = made.execute("CALL ADDS(1)")
    assert [column.name for column in result.columns] == ["ADDS"]
    assert result.rows == [("sum 11",)]


def test_body_of_a_sql_procedure_may_stand_bare(made):
    made.execute(
        "CREATE PROCEDURE P(A NUMBER) RETURNS NUMBER AS BEGIN LET x := a; IF (x > 1) THEN RETURN x; END IF; END"
    )
    assert value(made, "CALL P(5)") == 5
    assert value(made, "CALL P(1)") is None


def test_result_has_the_declared_type(made):
    made.execute("CREATE PROCEDURE P() RETURNS NUMBER AS 'BEGIN RETURN ''17''; END'")
    assert value(made, "CALL P()") == 17


def test_table_procedure_in_sql(made):
    made.execute(
        "CREATE PROCEDURE P() RETURNS TABLE (N NUMBER) AS"
        " $$ BEGIN LET rs RESULTSET := (SELECT 1 AS n UNION ALL SELECT 2 ORDER BY 1); RETURN TABLE(rs); END $$"
    )
    assert made.execute("CALL P()").rows == [(1,), (2,)]


def test_call_into_a_variable_and_as_a_value(made):
    made.execute("CREATE PROCEDURE P(A NUMBER) RETURNS NUMBER AS 'BEGIN RETURN a * 2; END'")
    assert value(made, "BEGIN LET x := 0; CALL P(4) INTO :x; RETURN x; END") == 8
    assert value(made, "BEGIN LET x := (CALL P(5)); RETURN x; END") == 10


def test_error_in_a_sql_procedure_keeps_its_own_line(made):
    made.execute("CREATE PROCEDURE P() RETURNS NUMBER AS $$\nBEGIN\n  RETURN 1 / 0;\nEND$$")
    error = refused(made, "BEGIN\n\n  CALL P();\nEND")
    assert error.message == (
        "Uncaught exception of type 'STATEMENT_ERROR' on line 3 at position 2 : "
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 9 : Division by zero"
    )


def test_owners_rights_run_in_the_procedures_schema_and_leave_the_callers(made):
    body = "AS 'BEGIN RETURN CURRENT_SCHEMA(); END'"
    made.execute(f"CREATE PROCEDURE OWNED() RETURNS VARCHAR {body}")
    made.execute(f"CREATE PROCEDURE CALLED() RETURNS VARCHAR EXECUTE AS CALLER {body}")
    made.execute("USE SCHEMA D.PUBLIC")
    assert value(made, "CALL D.MADE.OWNED()") == "MADE"
    assert value(made, "CALL D.MADE.CALLED()") == "PUBLIC"
    assert value(made, "SELECT CURRENT_SCHEMA()") == "PUBLIC"


# CALL
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("CALL NOTHING()", "Unknown user-defined function D.MADE.NOTHING."),
        ("CALL P()", r"do not fit its parameters: P(NUMBER)"),
        ("CALL P(1, 2)", r"do not fit its parameters: P(NUMBER)"),
        ("CALL P(B => 1)", r"do not fit its parameters: P(NUMBER)"),
        ("CALL P('x')", "Numeric value 'x' is not recognized"),
        ("CALL P(1", "syntax error"),
        ("CALL P(1) P", "syntax error"),
    ],
)
def test_calls_that_do_not_fit(made, call, message):
    made.execute("CREATE PROCEDURE P(A NUMBER) RETURNS NUMBER AS 'BEGIN RETURN a; END'")
    assert message in refused(made, call).message


def test_arguments_are_expressions(made):
    made.execute("CREATE PROCEDURE P(A NUMBER, B VARCHAR) RETURNS VARCHAR AS 'BEGIN RETURN a || b; END'")
    made.execute("SET N = 4")
    assert value(made, "CALL P($N + 1, CONCAT('x', 'y'))") == "5xy"


# WITH … AS PROCEDURE
def test_anonymous_procedure_is_made_called_and_forgotten(made):
    call = f"WITH p AS PROCEDURE (A NUMBER) RETURNS VARCHAR {PYTHON} AS {CODE} CALL p(1)"
    assert value(made, call) == "python"
    assert made.execute("SHOW PROCEDURES").rows == []
    assert value(made, "WITH p AS PROCEDURE () RETURNS NUMBER LANGUAGE SQL AS 'BEGIN RETURN 3; END' CALL p()") == 3
    assert value(made, "WITH p AS (SELECT 1 AS a) SELECT a FROM p") == 1


def test_anonymous_procedure_checks_its_arguments(made):
    call = f"WITH p AS PROCEDURE (A NUMBER) RETURNS VARCHAR {PYTHON} AS {CODE} CALL"
    assert "do not fit" in refused(made, f"{call} p()").message
    assert "CALL names Q" in refused(made, f"{call} q(1)").message


# IMPORTS
def test_code_from_a_stage(made):
    made.execute("CREATE STAGE CODE")
    made.execute(
        f"""CREATE PROCEDURE P(A NUMBER) RETURNS VARCHAR {PYTHON.replace("main", "helper.main")}
        IMPORTS = ('@CODE/lib/helper.py')"""
    )
    assert "Remote file '@CODE/lib/helper.py' was not found." in refused(made, "CALL P(1)").message
    folder = location(made, "@CODE").folder / "lib"
    folder.mkdir()
    (folder / "helper.py").write_text("def main(session, a):\n    return f'helped {a}'\n")
    assert value(made, "CALL P(1)") == "helped 1"


# Keeping
def test_temporary_procedure_is_its_sessions_own(made, engine):
    made.execute("CREATE TEMPORARY PROCEDURE P() RETURNS NUMBER AS 'BEGIN RETURN 1; END'")
    other = engine.open_session("D", "MADE")
    assert refused(other, "CALL P()").code == 2141
    other.execute("CREATE TEMPORARY PROCEDURE Q() RETURNS NUMBER AS 'BEGIN RETURN 1; END'")
    other.close()
    assert [row["name"] for row in made.execute("SHOW PROCEDURES").dicts()] == ["P"]


def test_procedures_survive_a_restart(tmp_path):
    engine = Engine.open(tmp_path)
    session = engine.open_session()
    session.execute("CREATE DATABASE D")
    session.execute(
        "CREATE PROCEDURE D.PUBLIC.P(A NUMBER DEFAULT 2) RETURNS NUMBER COMMENT = 'c' AS 'BEGIN RETURN a; END'"
    )
    engine.close()
    again = Engine.open(tmp_path)
    try:
        session = again.open_session("D", "PUBLIC")
        assert value(session, "CALL P()") == 2
        assert session.execute("SHOW PROCEDURES").dicts()[0]["description"] == "c"
    finally:
        again.close()
