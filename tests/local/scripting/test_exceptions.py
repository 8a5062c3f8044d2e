"""Handlers, RAISE, and what an error that no handler takes looks like (fact sheet 7.1)."""

import pytest
from tests.local.scripting.conftest import refused

pytestmark = pytest.mark.engine


def test_failed_statement_says_line_position_and_inner_message(session):
    error = refused(
        session,
        """\
        BEGIN
          LET x := 1;
            SELECT * FROM missing;
        END""",
    )
    assert (error.code, error.sqlstate) == (2003, "42S02")
    assert error.message.startswith(
        "Uncaught exception of type 'STATEMENT_ERROR' on line 3 at position 4 : "
        "SQL compilation error:\nObject 'MISSING'"
    )


def test_failed_expression_says_where_the_expression_starts(session):
    error = refused(session, "EXECUTE IMMEDIATE $$ BEGIN\n  LET x := 0;\n  RETURN 1 / x;\nEND $$")
    assert (error.code, error.sqlstate) == (100051, "22012")
    assert error.message == "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 9 : Division by zero"


def test_position_in_execute_immediate_counts_from_the_opening_marks(session):
    error = refused(session, "EXECUTE IMMEDIATE $$ BEGIN RETURN 1 / 0; END $$")
    assert "on line 1 at position 14 : " in error.message


def test_raised_exception_has_its_own_code_and_name(session):
    error = refused(
        session,
        """
        DECLARE
          my_exception EXCEPTION (-20002, 'Raised MY_EXCEPTION.');
        BEGIN
          LET counter := 0;
          LET should_raise_exception := true;
          IF (should_raise_exception) THEN
            RAISE my_exception;
          END IF;
        END""",
    )
    assert (error.code, error.sqlstate) == (-20002, "P0001")
    assert error.message == "Uncaught exception of type 'MY_EXCEPTION' on line 8 at position 4 : Raised MY_EXCEPTION."


def test_error_of_a_nested_block_is_wrapped_again(session):
    error = refused(session, "BEGIN\n  EXECUTE IMMEDIATE $$BEGIN\n RETURN 1 / 0;\nEND$$;\nEND")
    assert error.message == (
        "Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 2 : "
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 2 at position 8 : Division by zero"
    )


@pytest.mark.parametrize(
    ("handler", "taken"),
    [
        ("STATEMENT_ERROR", True),
        ("EXPRESSION_ERROR", False),
        ("OTHER", True),
        ("EXPRESSION_ERROR OR STATEMENT_ERROR", True),
    ],
)
def test_handler_takes_the_errors_that_it_names(session, handler, taken):
    block = f"BEGIN SELECT * FROM missing; EXCEPTION WHEN {handler} THEN RETURN 'handled'; END"
    if taken:
        assert session.execute(block).rows == [("handled",)]
    else:
        assert "STATEMENT_ERROR" in refused(session, block).message


def test_handler_reads_code_state_and_message(returned):
    block = """
      BEGIN SELECT * FROM missing;
      EXCEPTION WHEN OTHER THEN RETURN SQLCODE || ' ' || SQLSTATE || ' ' || CONTAINS(SQLERRM, 'MISSING');
      END"""
    assert returned(block) == "2003 42S02 true"


def test_named_handler_takes_its_own_exception_only(returned):
    block = """
    DECLARE a EXCEPTION (-20001, 'a'); b EXCEPTION (-20002, 'b');
    BEGIN
      RAISE b;
    EXCEPTION
      WHEN a THEN RETURN 'a';
      WHEN b THEN RETURN 'b: ' || SQLERRM;
    END"""
    assert returned(block) == "b: b"


def test_statement_error_does_not_take_a_users_exception(session):
    error = refused(
        session, "DECLARE a EXCEPTION (-20001, 'a'); BEGIN RAISE a; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 1; END"
    )
    assert error.code == -20001


def test_raise_in_a_handler_passes_the_error_on(session):
    error = refused(session, "BEGIN\n SELECT * FROM missing;\nEXCEPTION WHEN OTHER THEN\n RAISE;\nEND")
    assert "STATEMENT_ERROR' on line 2 at position 1" in error.message


def test_outer_handler_takes_what_the_inner_block_does_not(returned):
    block = """
    BEGIN
      BEGIN
        RETURN 1 / 0;
      EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 'inner';
      END;
    EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'outer';
    END"""
    assert returned(block) == "outer"


def test_error_in_a_handler_is_not_taken_by_the_same_block(session):
    error = refused(session, "BEGIN RETURN 1 / 0; EXCEPTION WHEN OTHER THEN SELECT * FROM missing; END")
    assert "STATEMENT_ERROR" in error.message


def test_continue_handler_goes_on_with_the_next_statement(returned):
    block = """
    BEGIN
      LET n := 0;
      IF (TRUE) THEN
        n := 1 / 0;
        n := n + 5;
      END IF;
      SELECT * FROM missing;
      RETURN n;
    EXCEPTION WHEN OTHER CONTINUE THEN n := n + 10;
    END"""
    assert returned(block) == 25


def test_continue_handler_ignores_errors_of_its_own(session):
    error = refused(
        session, "BEGIN LET n := 1 / 0; RETURN 1; EXCEPTION WHEN OTHER CONTINUE THEN SELECT * FROM missing; END"
    )
    assert "STATEMENT_ERROR" in error.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("BEGIN LET x := ; END", "syntax error line 1 at position 15 unexpected ';'."),
        ("BEGIN\n  IF (TRUE) RETURN 1; END IF;\nEND", "syntax error line 2 at position 20 unexpected ';'."),
        ("BEGIN RETURN 1; ", "syntax error line 1 at position 14 unexpected '<EOF>'."),
        ("BEGIN nonsense here; END", "syntax error line 1 at position 6 unexpected 'nonsense'."),
        ("BEGIN RETURN 1; END; SELECT 1", "syntax error line 1 at position 21 unexpected 'SELECT'."),
        ("DECLARE x; BEGIN RETURN 1; END", "syntax error line 1 at position 9 unexpected ';'."),
        ("BEGIN\n  LET x = 1;\nEND", "syntax error line 2 at position 8 unexpected '='."),
        ("BEGIN RETURN 'open; END", "syntax error line 1 at position 23 unexpected '<EOF>'."),
    ],
)
def test_broken_block_is_refused_whole(session, text, message):
    error = refused(session, text)
    assert (error.code, error.sqlstate) == (1003, "42000")
    assert error.message == f"SQL compilation error:\n{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("BEGIN x := 1; END", "invalid identifier 'X'"),
        ("BEGIN SELECT :x; END", "Bind variable :X not set."),
        ("BEGIN LET rs RESULTSET := (SELECT 1); RETURN rs + 1; END", "invalid identifier"),
        ("BEGIN RAISE nothing; END", "invalid identifier 'NOTHING'"),
        ("BEGIN RAISE; END", "RAISE without a name"),
        ("BEGIN LET d DATE := 'soon'; END", "'soon' is not recognized"),
        ("DECLARE x NOTATYPE; BEGIN RETURN 1; END", "Unsupported data type 'NOTATYPE'"),
    ],
)
def test_names_and_values_that_do_not_fit(session, text, message):
    assert message in refused(session, text).message


def test_bare_system_function_is_no_statement(session):
    """Fact sheet 4.2."""
    error = refused(session, "BEGIN SYSTEM$SET_RETURN_VALUE('x'); END")
    assert "SYSTEM$SET_RETURN_VALUE cannot be executed as a statement in Snowscript" in error.message
