"""Each construct of a scripting block (fact sheet 7.1)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


# Variables, types, assignment
def test_declared_variables_have_a_type_and_a_default(returned):
    assert (
        returned("DECLARE a NUMBER(10,2) DEFAULT 1; b VARCHAR := 'x'; c DEFAULT 3; BEGIN RETURN a || b || c; END")
        == "1.00x3"
    )


def test_declared_type_coerces_what_is_assigned(returned):
    assert returned("BEGIN LET n NUMBER := '42'; n := n + 1; RETURN n; END") == 43


def test_first_value_decides_the_type_of_an_untyped_variable(returned):
    with pytest.raises(SqlError, match="Numeric value 'ink' is not recognized"):
        returned("BEGIN LET n := 1; n := 'ink'; RETURN n; END")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 1", 2),
        ("1.5 * 2", Decimal("3.0")),
        ("'it''s' || ' a \\\\ b'", "it's a \\ b"),
        ("TRUE AND NULL IS NULL", True),
        ("'2024-02-29'::DATE", date(2024, 2, 29)),
        ("'2024-02-29 01:02:03.456'::TIMESTAMP_NTZ", datetime.fromisoformat("2024-02-29 01:02:03.456")),
        ("NULL", None),
        ("$$a;b$$", "a;b"),
        ("-5", -5),
        ("CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END", "yes"),
    ],
)
def test_value_survives_a_variable_unchanged(returned, expression, value):
    assert returned(f"BEGIN LET v := {expression}; LET w := v; RETURN (SELECT :w); END") == value


def test_variant_is_read_by_path(returned):
    assert returned('BEGIN LET v VARIANT := PARSE_JSON(\'{"a": {"b": 7}}\'); RETURN v:a.b::NUMBER + 1; END') == 8


def test_names_fold_to_upper_case_unless_quoted(returned):
    assert returned('BEGIN LET Alpha := 1; LET "Alpha" := 2; RETURN alpha * 10 + "Alpha"; END') == 12


def test_subquery_assigns_its_only_value(returned):
    assert (
        returned(
            "BEGIN LET n := (SELECT MAX(id) FROM item); n := (SELECT COUNT(*) FROM item WHERE id < :n); RETURN n; END"
        )
        == 2
    )


def test_subquery_without_rows_gives_null(returned):
    assert returned("BEGIN LET n NUMBER := (SELECT id FROM item WHERE id > 99); RETURN n IS NULL; END") is True


def test_column_of_a_subquery_is_not_the_variable_of_that_name(returned):
    assert returned("BEGIN LET id := 100; RETURN (SELECT COUNT(*) FROM item WHERE id < :id AND id = 1); END") == 1


def test_inner_block_and_branch_have_names_of_their_own(returned):
    assert returned("BEGIN LET a := 1; BEGIN LET a := 2; END; IF (TRUE) THEN LET a := 3; END IF; RETURN a; END") == 1


def test_branch_assigns_to_the_outer_variable(returned):
    assert returned("BEGIN LET a := 1; IF (a = 1) THEN a := 2; END IF; RETURN a; END") == 2


# Branches
@pytest.mark.parametrize(("n", "answer"), [(1, "one"), (2, "two"), (3, "many")])
def test_if_takes_the_first_true_branch(returned, n, answer):
    block = """
      BEGIN LET n := {};
      IF (n = 1) THEN RETURN 'one';
      ELSEIF (n = 2) THEN RETURN 'two';
      ELSE RETURN 'many';
      END IF;
      END"""
    assert returned(block.format(n)) == answer


def test_null_condition_is_not_true(returned):
    assert returned("BEGIN IF (NULL) THEN RETURN 'then'; ELSE RETURN 'else'; END IF; END") == "else"


@pytest.mark.parametrize("end", ["END", "END CASE"])
def test_case_compares_its_subject(returned, end):
    assert returned(f"BEGIN LET s := 'b'; CASE (s) WHEN 'a' THEN RETURN 1; WHEN 'b' THEN RETURN 2; {end}; END") == 2


def test_searched_case_falls_to_else(returned):
    assert returned("BEGIN CASE WHEN 1 > 2 THEN RETURN 1; ELSE RETURN 0; END; END") == 0


# Loops
def test_for_counts_up_and_down(returned):
    block = """
      BEGIN LET s := '';
      FOR i IN 1 TO 3 DO s := s || i;
      END FOR;
      FOR i IN REVERSE 1 TO 3 DO s := s || i;
      END FOR;
      RETURN s;
      END"""
    assert returned(block) == "123321"


def test_for_walks_the_rows_of_a_cursor(returned):
    block = """
      DECLARE c CURSOR FOR SELECT name, price FROM item ORDER BY id;
      BEGIN LET s := '';
      FOR r IN c DO s := s || r.name || COALESCE(r.price, 0) || ' ';
      END FOR;
      RETURN s;
      END"""
    assert returned(block) == "ink1.50 pen2.25 pad0.00 "


def test_for_walks_the_rows_of_a_resultset(returned):
    block = """
      BEGIN LET rs RESULTSET := (SELECT id FROM item ORDER BY id);
      LET n := 0;
      FOR r IN rs DO n := n * 10 + r.id;
      END FOR;
      RETURN n;
      END"""
    assert returned(block) == 123


def test_column_of_a_row_cannot_stand_inside_sql(returned):
    with pytest.raises(SqlError, match="cannot be used inside SQL"):
        returned("BEGIN LET rs RESULTSET := (SELECT id FROM item); FOR r IN rs DO SELECT :r.id; END FOR; END")


def test_while_repeat_and_loop(returned):
    block = """
    BEGIN
      LET n := 0;
      WHILE (n < 5) DO n := n + 1; END WHILE;
      REPEAT n := n + 10; UNTIL (n > 30) END REPEAT;
      LOOP n := n + 100; IF (n > 300) THEN BREAK; END IF; END LOOP;
      RETURN n;
    END"""
    assert returned(block) == 335


def test_continue_skips_the_rest_of_the_turn(returned):
    block = """
      BEGIN LET n := 0;
      FOR i IN 1 TO 5 DO IF (i % 2 = 0) THEN CONTINUE;
      END IF;
      n := n * 10 + i;
      END FOR;
      RETURN n;
      END"""
    assert returned(block) == 135


def test_break_with_a_label_leaves_the_outer_loop(returned):
    block = """
      BEGIN LET n := 0;
      LOOP FOR i IN 1 TO 5 DO n := n + 1;
      IF (i = 3) THEN BREAK outer_loop;
      END IF;
      END FOR;
      END LOOP outer_loop;
      RETURN n;
      END"""
    assert returned(block) == 3


def test_return_leaves_a_loop_and_the_block(returned):
    assert returned("BEGIN FOR i IN 1 TO 9 DO IF (i = 4) THEN RETURN i; END IF; END FOR; RETURN 0; END") == 4


# RETURN
def test_block_without_return_gives_null(returned):
    assert returned("BEGIN LET x := 1; END") is None


def test_return_table_gives_the_rows(session):
    result = session.execute(
        "BEGIN LET rs RESULTSET := (SELECT id, name FROM item WHERE id < 3 ORDER BY id); RETURN TABLE(rs); END"
    )
    assert [column.name for column in result.columns] == ["ID", "NAME"]
    assert result.rows == [(1, "ink"), (2, "pen")]


# SQL inside a block
def test_select_into_fills_variables(returned):
    block = """
    DECLARE a VARCHAR; b NUMBER(10,2);
    BEGIN SELECT name, price INTO :a, :b FROM item WHERE id = 2; RETURN a || b; END"""
    assert returned(block) == "pen2.25"


def test_select_into_of_no_row_gives_null(returned):
    assert (
        returned(
            "DECLARE a VARCHAR DEFAULT 'x'; BEGIN SELECT name INTO a FROM item WHERE id = 9; RETURN a IS NULL; END"
        )
        is True
    )


def test_select_into_of_two_rows_fails(returned):
    with pytest.raises(SqlError, match="expects exactly 1 returned row, but got 2"):
        returned("DECLARE a VARCHAR; BEGIN SELECT name INTO :a FROM item WHERE id < 3; END")


def test_identifier_takes_a_variable(session, returned):
    block = """
    BEGIN
      LET run_schema VARCHAR := 'D.RUN_1';
      CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema);
      LET t VARCHAR := run_schema || '.T';
      CREATE OR REPLACE TABLE IDENTIFIER(:t) AS SELECT id FROM D.PUBLIC.item;
      RETURN (SELECT COUNT(*) FROM IDENTIFIER(:t));
    END"""
    assert returned(block) == 3
    session.execute("DROP SCHEMA D.RUN_1")
    session.execute("USE SCHEMA D.PUBLIC")


def test_table_of_a_resultset_can_be_queried(returned):
    block = "BEGIN LET rs RESULTSET := (SELECT id FROM item); RETURN (SELECT SUM(id) FROM TABLE(:rs)); END"
    assert returned(block) == 6


def test_colon_after_a_column_is_a_path(returned):
    assert (
        returned("BEGIN LET a := 1; RETURN (SELECT v:a::NUMBER FROM (SELECT PARSE_JSON('{\"a\": 5}') AS v)); END") == 5
    )


def test_text_of_a_string_is_left_alone(returned):
    assert returned("BEGIN LET a := 1; RETURN ':a ' || (SELECT ':a'); END") == ":a :a"


def test_row_counts_of_dml(returned):
    block = """
    BEGIN
      CREATE OR REPLACE TABLE counted (a NUMBER);
      LET before := SQLROWCOUNT;
      INSERT INTO counted VALUES (1), (2), (3);
      LET inserted := SQLROWCOUNT;
      DELETE FROM counted WHERE a > 9;
      RETURN before IS NULL AND inserted = 3 AND SQLROWCOUNT = 0 AND SQLNOTFOUND AND NOT SQLFOUND;
    END"""
    assert returned(block) is True


def test_execute_immediate_runs_text_with_values(returned):
    block = """
    BEGIN
      LET low := 1;
      LET high := 3;
      LET q := 'SELECT COUNT(*) FROM item WHERE id > ? AND id < ?';
      LET rs RESULTSET := (EXECUTE IMMEDIATE :q USING (low, high));
      FOR r IN rs DO RETURN r."COUNT(*)"; END FOR;
    END"""
    assert returned(block) == 1


def test_execute_immediate_of_a_block_inside_a_block(returned):
    assert returned("BEGIN LET n := 0; EXECUTE IMMEDIATE $$ BEGIN RETURN 7; END $$ INTO :n; RETURN n; END") == 7


def test_cursor_is_opened_with_values_and_fetched_row_by_row(returned):
    block = """
    DECLARE c CURSOR FOR SELECT name FROM item WHERE id >= ? ORDER BY id; a VARCHAR; b VARCHAR; n VARCHAR;
    BEGIN
      LET low := 2;
      OPEN c USING (low);
      FETCH c INTO a;
      FETCH c INTO b;
      FETCH c INTO n;
      CLOSE c;
      RETURN a || b || COALESCE(n, '.');
    END"""
    assert returned(block) == "penpad."


def test_fetch_from_a_closed_cursor_fails(returned):
    with pytest.raises(SqlError, match="'C' is not open"):
        returned("DECLARE c CURSOR FOR SELECT 1; x NUMBER; BEGIN FETCH c INTO x; END")


def test_session_variable_can_be_read(session, returned):
    session.execute("SET lowest = 2")
    assert returned("BEGIN LET x := $lowest + 1; RETURN x; END") == 3


def test_async_statements_have_run_after_await(returned):
    block = """
      BEGIN CREATE OR REPLACE TABLE later (a NUMBER);
      ASYNC (INSERT INTO later VALUES (1));
      LET rs RESULTSET := ASYNC (SELECT 2 AS a);
      AWAIT rs;
      AWAIT ALL;
      RETURN (SELECT COUNT(*) FROM later);
      END"""
    assert returned(block) == 1


def test_transaction_in_a_block_is_rolled_back(returned):
    block = """
      BEGIN CREATE OR REPLACE TABLE undone (a NUMBER);
      BEGIN TRANSACTION;
      INSERT INTO undone VALUES (1);
      ROLLBACK;
      RETURN (SELECT COUNT(*) FROM undone);
      END"""
    assert returned(block) == 0


def test_expressions_do_not_count_as_queries(session, returned):
    assert (
        returned(
            "BEGIN SELECT 7 AS n; LET x := 1 + 1; RETURN (SELECT n + :x FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))); END"
        )
        == 9
    )


def test_execute_immediate_takes_the_block_as_text(session):
    assert session.execute("EXECUTE IMMEDIATE $$ BEGIN RETURN 'x'; END $$").rows == [("x",)]


def test_declared_block_and_begin_transaction_are_told_apart(session):
    assert session.execute("BEGIN TRANSACTION").rows == [("Statement executed successfully.",)]
    assert session.execute("ROLLBACK").rows == [("Statement executed successfully.",)]
    assert session.execute("DECLARE x DEFAULT 1; BEGIN RETURN x; END").rows == [(1,)]
