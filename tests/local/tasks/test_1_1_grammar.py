"""Fact sheet 1.1, 1.2.3, 2.1: what the parser accepts, and that bodies and conditions are kept to the letter."""

import pytest

from neve.local.errors import SqlError
from neve.local.tasks.grammar import parse_alter, parse_create, parse_drop, parse_execute
from neve.local.tasks.options import Setting
from neve.local.tasks.syntax import (
    AddAfter,
    Clone,
    Mode,
    RemoveAfter,
    Resume,
    Retry,
    Run,
    Set,
    SetBody,
    SetExecuteAs,
    SetFinalize,
    SetTags,
    SetWhen,
    Suspend,
    Unset,
    UnsetTags,
)

pytestmark = pytest.mark.fact("1.1")


def options(text):
    return {setting.name: setting.value for setting in parse_create(f"CREATE TASK t {text} AS SELECT 1").settings}


def test_everything_in_documented_order():
    create = parse_create(
        """create or replace task db.s."my task"
             with tag (cost = 'low', db.s.team = 'x')
             warehouse = wh
             schedule = 'USING CRON 0 9 * * 1-5 Europe/Berlin'
             config = $${"a": "it's"}$$
             comment = 'don''t'
             after r1, s.r2
             execute as user bob
             when system$stream_has_data('orders') and 1 = 1
           as
             insert into t select ':not_a_bind', $var; """
    )
    assert (create.name, create.mode) == (("DB", "S", "my task"), Mode.REPLACE)
    assert create.tags == {"COST": "low", "DB.S.TEAM": "x"}
    assert create.after == (("R1",), ("S", "R2"))
    assert create.execute_as == "BOB"
    assert create.when == "system$stream_has_data('orders') and 1 = 1"
    assert create.body == "insert into t select ':not_a_bind', $var"
    assert {setting.name: setting.value for setting in create.settings} == {
        "WAREHOUSE": "WH",
        "SCHEDULE": "USING CRON 0 9 * * 1-5 Europe/Berlin",
        "CONFIG": '{"a": "it\'s"}',
        "COMMENT": "don't",
    }


@pytest.mark.parametrize("between", [" ", "\n", ",", " , ", " -- a comment\n", " /* b */ "])
def test_options_are_separated_by_blanks_newlines_or_commas(between):
    assert options(between.join(["SCHEDULE = '5 M'", "COMMENT='c'", "USER_TASK_TIMEOUT_MS =5000"])) == {
        "SCHEDULE": "5 M",
        "COMMENT": "c",
        "USER_TASK_TIMEOUT_MS": "5000",
    }


def test_options_come_in_any_order():
    assert options("COMMENT='c' SCHEDULE='5 M'") == options("SCHEDULE='5 M' COMMENT='c'")


def test_a_value_remembers_how_it_was_written():
    (setting,) = parse_create("CREATE TASK t Comment = 'it''s' AS SELECT 1").settings
    assert setting == Setting("COMMENT", "it's", "text", "'it''s'", "Comment")


@pytest.mark.fact("1.2.3")
@pytest.mark.parametrize(
    "body",
    [
        "SELECT 1",
        "CALL p('a;b', $$c$$)",
        "BEGIN\n  LET x := 1;\n  RETURN x; -- done\nEND",
        "EXECUTE IMMEDIATE $$\nBEGIN\n  SELECT 'as when after';\nEND;\n$$",
        "WITH p AS PROCEDURE () RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$ CALL p()",
        "this is not SQL at all",
    ],
)
def test_the_body_is_kept_to_the_letter(body):
    assert parse_create(f"CREATE TASK t\n  AFTER r\nAS\n{body}\n").body == body
    assert parse_alter(f"ALTER TASK t MODIFY AS {body};").action == SetBody(body)


def test_as_inside_brackets_does_not_end_the_condition():
    create = parse_create("CREATE TASK t WHEN CAST('1' AS NUMBER) = 1 AS SELECT 1")
    assert (create.when, create.body) == ("CAST('1' AS NUMBER) = 1", "SELECT 1")


@pytest.mark.parametrize(
    "condition",
    [
        "SYSTEM$STREAM_HAS_DATA('a')\n  OR SYSTEM$STREAM_HAS_DATA('b')",
        "SYSTEM$GET_PREDECESSOR_RETURN_VALUE() = 'x'",
        "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R')::NUMBER = 1",
        "1 = SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R')::NUMBER",
        "(TRUE = FALSE)",
    ],
)
def test_options_may_follow_the_condition(condition):
    """As in an example of the documentation."""
    create = parse_create(f"CREATE TASK t WHEN {condition}\n WAREHOUSE = w, COMMENT = 'c' AS SELECT 1")
    assert (create.when, create.body) == (condition, "SELECT 1")
    assert [setting.name for setting in create.settings] == ["WAREHOUSE", "COMMENT"]
    assert parse_create(f"CREATE TASK t WHEN {condition} AS SELECT 1").when == condition


def test_options_may_follow_the_predecessors():
    """As in published scripts."""
    create = parse_create("CREATE TASK t WAREHOUSE = w AFTER a, b COMMENT = 'c' WHEN 1 = 1 AS SELECT 1")
    assert (create.after, create.when) == ((("A",), ("B",)), "1 = 1")
    assert [setting.name for setting in create.settings] == ["WAREHOUSE", "COMMENT"]


@pytest.mark.parametrize("written", ["r", "R", "'r'", '"R"'])
def test_finalize_takes_an_identifier_or_a_string(written):
    assert parse_create(f"CREATE TASK f FINALIZE = {written} AS SELECT 1").finalize == ("R",)


@pytest.mark.parametrize(
    ("head", "mode"),
    [
        ("CREATE TASK t", Mode.NEW),
        ("CREATE TASK IF NOT EXISTS t", Mode.KEEP),
        ("CREATE OR REPLACE TASK t", Mode.REPLACE),
        ("CREATE OR ALTER TASK t", Mode.ALTER),
    ],
)
def test_what_create_does_with_an_existing_task(head, mode):
    assert parse_create(f"{head} AS SELECT 1").mode is mode
    if mode is not Mode.ALTER:
        assert parse_create(f"{head} CLONE s.other") == Clone(("T",), mode, ("S", "OTHER"))


@pytest.mark.parametrize(
    ("text", "unexpected"),
    [
        ("CREATE TASK t", "<EOF>"),
        ("CREATE TASK t AS", "<EOF>"),
        ("CREATE TASK t AFTER r", "<EOF>"),
        ("CREATE TASK t COMMENT 'c' AS SELECT 1", "'c'"),
        ("CREATE TASK t WHEN AS SELECT 1", "AS"),
        ("CREATE OR REPLACE TASK IF NOT EXISTS t AS SELECT 1", "EXISTS"),
        ("CREATE OR ALTER TASK t CLONE u", "u"),
        ("CREATE TASK t COPY GRANTS AS SELECT 1", "GRANTS"),
        ("CREATE TASK t COMMENT = 'open AS SELECT 1", "<EOF>"),
    ],
)
def test_what_is_no_create_task_is_a_syntax_error(text, unexpected):
    with pytest.raises(SqlError) as caught:
        parse_create(text)
    assert (caught.value.code, caught.value.sqlstate) == (1003, "42000")
    assert f"unexpected '{unexpected}'" in caught.value.message


@pytest.mark.fact("2.1")
@pytest.mark.parametrize(
    ("clause", "action"),
    [
        ("RESUME", Resume()),
        ("SUSPEND", Suspend()),
        ("ADD AFTER a, s.b", AddAfter((("A",), ("S", "B")))),
        ("REMOVE AFTER a", RemoveAfter((("A",),))),
        ("REMOVE WHEN", SetWhen(None)),
        ("MODIFY WHEN 1 = 1 OR NOT (2 = 2)", SetWhen("1 = 1 OR NOT (2 = 2)")),
        ("MODIFY AS CALL p()", SetBody("CALL p()")),
        ("SET EXECUTE AS USER bob", SetExecuteAs("BOB")),
        ("UNSET EXECUTE AS USER", SetExecuteAs(None)),
        ("SET FINALIZE = r", SetFinalize(("R",))),
        ("UNSET FINALIZE", SetFinalize(None)),
        ("SET TAG cost = 'low', team = 'x'", SetTags({"COST": "low", "TEAM": "x"})),
        ("UNSET TAG cost, team", UnsetTags(("COST", "TEAM"))),
        ("UNSET SCHEDULE, COMMENT", Unset(("SCHEDULE", "COMMENT"))),
        ("SET COMMENT = 'c'", Set((Setting("COMMENT", "c", "text", "'c'", "COMMENT"),))),
    ],
)
def test_alter_task_takes_one_clause(clause, action):
    assert parse_alter(f"ALTER TASK t {clause}").action == action
    assert parse_alter(f"alter task if exists t {clause};").if_exists


@pytest.mark.fact("2.1")
def test_alter_set_takes_options_apart_by_blanks_or_commas():
    action = parse_alter("ALTER TASK t SET SCHEDULE = '5 M' COMMENT = 'c', QUERY_TAG = 'q'").action
    assert [setting.name for setting in action.settings] == ["SCHEDULE", "COMMENT", "QUERY_TAG"]


@pytest.mark.fact("2.1")
@pytest.mark.parametrize("clause", ["", "RESUME NOW", "RENAME TO u", "SET", "SET COMMENT", "ADD r", "MODIFY"])
def test_other_clauses_are_syntax_errors(clause):
    with pytest.raises(SqlError) as caught:
        parse_alter(f"ALTER TASK t {clause}")
    assert caught.value.code == 1003


@pytest.mark.fact("2.3", "2.4")
def test_drop_and_execute():
    assert parse_drop("DROP TASK IF EXISTS s.t;").if_exists
    assert parse_execute("EXECUTE TASK r") == Run(("R",), None, wait=False)
    assert parse_execute("EXECUTE TASK r USING CONFIG = $${}$$ AWAIT") == Run(("R",), "{}", wait=True)
    assert parse_execute("EXECUTE TASK r RETRY LAST") == Retry(("R",), None)
    assert parse_execute("EXECUTE TASK r RETRY GRAPH RUN GROUP '17'") == Retry(("R",), "17")


class TestValues:
    """Session variables, variables of a block and IDENTIFIER, in what comes before a condition or a body."""

    @pytest.fixture
    def variables(self, sql):
        sql("SET task_name = 'r'", "SET wh = 'W'", "SET every = '5 minutes'", "SET n = 60000")
        return sql

    def test_session_variables(self, variables):
        variables(
            """CREATE TASK IDENTIFIER($task_name) WAREHOUSE = $wh SCHEDULE = $every USER_TASK_TIMEOUT_MS = $n
               COMMENT = $every AS SELECT $n, IDENTIFIER($wh)""",
            "CREATE TASK c WAREHOUSE = IDENTIFIER($wh) AFTER IDENTIFIER($task_name) AS SELECT 1",
            "ALTER TASK IDENTIFIER('c') RESUME",
            "ALTER TASK IF EXISTS IDENTIFIER($task_name) SET SCHEDULE = '1 hour' COMMENT = $task_name",
        )
        row = variables.shown("R")
        assert (row["warehouse"], row["schedule"], row["comment"]) == ("W", "1 hour", "r")
        assert row["definition"] == "SELECT $n, IDENTIFIER($wh)"
        assert (variables.shown("C", "state"), variables.shown("C", "warehouse")) == ("started", "W")

    def test_variables_of_a_block(self, sql):
        sql("""
          BEGIN
            LET task_name := 'r';
            LET every := '10 minutes';
            CREATE OR REPLACE TASK IDENTIFIER(:task_name) SCHEDULE = :every WHEN 1 = 1 AS SELECT 1;
            ALTER TASK IDENTIFIER(:task_name) RESUME;
            ALTER TASK IDENTIFIER(:task_name) SUSPEND;
            ALTER TASK IDENTIFIER(:task_name) MODIFY AS BEGIN SELECT 1; SELECT 2; END;
          END""")
        assert sql.shown("R", "schedule") == "10 minutes"
        assert sql.shown("R", "definition") == "BEGIN SELECT 1; SELECT 2; END"

    def test_a_variable_that_is_not_set(self, sql):
        assert "Session variable '$NOT_SET' does not exist" in sql.refuses(
            "CREATE TASK t SCHEDULE = $not_set AS SELECT 1"
        )

    def test_conditions_take_none(self, variables):
        assert "task condition" in variables.refuses("CREATE TASK t WHEN $n = 1 AS SELECT 1")
