"""CALL inside a block: procedures of its own, OUT arguments; ASYNC (fact sheet 7.1)."""

from decimal import Decimal

import pytest
from tests.local.scripting.conftest import refused

pytestmark = pytest.mark.engine


OWN = """
    DECLARE
      before INT DEFAULT 1;
      own PROCEDURE (n INT) RETURNS INT AS BEGIN {body} END;
      after_it INT DEFAULT 2;
    BEGIN
      {calls}
    END"""


def test_procedure_of_a_block_changes_what_was_declared_before_it(returned):
    block = OWN.format(body="before := before + n; RETURN before;", calls="CALL own(5); CALL own(10); RETURN before;")
    assert returned(block) == 16


def test_procedure_of_a_block_gives_its_value(returned):
    block = OWN.format(
        body="RETURN n * 2;", calls="LET a INT := (CALL own(4)); CALL own(1) INTO :before; RETURN a + before;"
    )
    assert returned(block) == 10


def test_procedure_of_a_block_does_not_see_what_is_declared_after_it(session):
    error = refused(session, OWN.format(body="RETURN after_it;", calls="CALL own(1);"))
    assert (error.code, "'AFTER_IT'" in error.message) == (904, True)


def test_error_in_a_procedure_of_a_block_is_one_of_the_call(returned):
    calls = "CALL own(0); EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLCODE;"
    assert returned(OWN.format(body="RETURN 1 / n;", calls=calls)) == 100051


@pytest.mark.parametrize("call", ["own()", "own(1, 2)", "own(n => 1)"])
def test_arguments_of_a_procedure_of_a_block_have_to_fit(session, call):
    assert "OWN" in refused(session, OWN.format(body="RETURN n;", calls=f"CALL {call};")).message


def test_procedure_of_a_block_is_gone_with_it(session):
    returned_value = OWN.format(body="RETURN n;", calls="CALL own(1); RETURN 1;")
    assert session.execute(returned_value).rows == [(1,)]
    assert refused(session, "CALL own(1)").code == 2141


def test_error_of_an_async_statement_waits_for_await(returned):
    block = """
    BEGIN
      LET rs RESULTSET := ASYNC (SELECT 1 / 0);
      ASYNC (INSERT INTO missing VALUES (1));
      LET before INT := (SELECT 1);
      BEGIN
        AWAIT rs;
      EXCEPTION WHEN STATEMENT_ERROR THEN before := SQLCODE;
      END;
      AWAIT ALL;
      RETURN before;
    EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 'then ' || SQLCODE;
    END"""
    assert returned(block) == "then 2003"


def test_out_argument_is_stored_as_the_type_of_the_callers_variable(session, returned):
    session.execute(
        "CREATE OR REPLACE PROCEDURE halved(x OUT NUMBER(10, 2), y INT) RETURNS INT AS BEGIN x := x / y; END"
    )
    assert returned(
        "BEGIN LET v NUMBER(4, 1) := 5; CALL halved(:v, 2); CALL halved(y => 2, x => :v); RETURN v; END"
    ) == Decimal("1.3")
    assert returned("DECLARE v INT; BEGIN CALL halved(:v, 2); RETURN v; END") is None


def test_out_argument_has_no_default_and_belongs_to_sql(session):
    assert refused(session, "CREATE PROCEDURE p(x OUT INT DEFAULT 1) RETURNS INT AS BEGIN RETURN 1; END").code == 1003
    assert refused(session, "CREATE FUNCTION f(x OUT INT) RETURNS INT AS 'x'").code == 1003


def test_arguments_out_show_in_show_and_get_ddl(session):
    session.execute("CREATE OR REPLACE PROCEDURE shown(a INT, b OUTPUT VARCHAR) RETURNS INT AS BEGIN RETURN 1; END")
    (row,) = session.execute("SHOW PROCEDURES LIKE 'SHOWN'").dicts()
    assert row["arguments"] == "SHOWN(NUMBER, OUT VARCHAR) RETURN NUMBER"
    ((ddl,),) = session.execute("SELECT GET_DDL('PROCEDURE', 'SHOWN(NUMBER, VARCHAR)')").rows
    assert '"B" OUT VARCHAR(16777216)' in ddl
    session.execute(ddl)


OF_A_BLOCK = "DECLARE own PROCEDURE (n INT) RETURNS INT AS BEGIN {} END; BEGIN RETURN (CALL own(19)); END"
COUNTING = (
    "IF (n = 0) THEN RETURN 0; END IF; LET less INT := n - 1; LET found INT := (CALL {}(:less)); RETURN found + 1;"
)


def test_procedures_call_themselves(session, returned):
    session.execute(f"CREATE OR REPLACE PROCEDURE counted(n INT) RETURNS INT AS BEGIN {COUNTING.format('counted')} END")
    assert returned("BEGIN RETURN (CALL counted(19)); END") == 19
    assert returned(OF_A_BLOCK.format(COUNTING.format("own"))) == 19


@pytest.mark.parametrize(
    "block", ["BEGIN CALL endless(1); END", OF_A_BLOCK.format("CALL own(1);")], ids=["stored", "of a block"]
)
def test_procedures_that_call_themselves_without_end_are_stopped(session, block):
    session.execute("CREATE OR REPLACE PROCEDURE endless(n INT) RETURNS INT AS BEGIN CALL endless(1); END")
    error = refused(session, block)
    assert (error.code, "more than 20 deep" in error.message) == (1003, True)
