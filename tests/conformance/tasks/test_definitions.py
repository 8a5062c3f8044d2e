"""Fact sheet 1: what CREATE TASK and ALTER TASK take and refuse, beyond tests/local/tasks."""

import re

import pytest
from tests.conformance.tasks.waiting import wait_for

pytestmark = pytest.mark.engine

SQL = "SQL compilation error:\n"
SCHEDULE = "Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule."
CONFIG = "Invalid config. Must be a string representation of a valid JSON Object."


@pytest.mark.fact("1.2")
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("query_tag = 'a' query_tag = 'b'", f"{SQL}duplicate property 'query_tag';"),
        ("QUERY_TAG = 5", f"{SQL}invalid value [5] for parameter 'QUERY_TAG'"),
        ("QUERY_TAG = TRUE", f"{SQL}invalid value [TRUE] for parameter 'QUERY_TAG'"),
        ("TIMEZONE = 'Not/AZone'", f"{SQL}invalid value [Not/AZone] for parameter 'TIMEZONE'"),
        ("TIMEZONE = 'utc'", f"{SQL}invalid value [utc] for parameter 'TIMEZONE'"),
        ("OVERLAP_POLICY = 'no_overlap'", f"{SQL}invalid value 'no_overlap' for property 'OVERLAP_POLICY'"),
        ('OVERLAP_POLICY = "no_overlap"', f"{SQL}invalid value 'no_overlap' for property 'OVERLAP_POLICY'"),
        (
            "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'HUGE'",
            f"{SQL}invalid value [HUGE] for parameter 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE'",
        ),
        (
            "TARGET_COMPLETION_INTERVAL = '1 DAY'",
            f"{SQL}invalid value [1 DAY] for parameter 'TARGET_COMPLETION_INTERVAL'",
        ),
        (
            "TARGET_COMPLETION_INTERVAL = '9 SECOND'",
            f"{SQL}invalid value [9 SECOND] for parameter 'TARGET_COMPLETION_INTERVAL'",
        ),
        (
            "STATEMENT_TIMEOUT_IN_SECONDS = -5",
            "SQL compilation error: \nparameter value out of range: -5. Must be between 0 and 604,800.",
        ),
        ("TRACE_LEVEL = 'BOGUS'", "Invalid value for trace level. Allowed values are ALWAYS,ON_EVENT,PROPAGATE,OFF."),
        ("CONFIG = abc", CONFIG),
        ("SCHEDULE = abc", SCHEDULE),
        ("SCHEDULE = '5M'", SCHEDULE),
        ("SCHEDULE = '9 SECONDS'", "Cannot set schedule less than 10 seconds."),
        ("SCHEDULE = '11521 MINUTES'", "Cannot set schedule greater than 11,520 minutes."),
        (
            "SCHEDULE = 'USING CRON 0 9 * * * PST'",
            (
                'Invalid schedule was specified. "PST" is not a recognized time zone. Please specify time zones '
                "accepted by the TIMEZONE parameter."
            ),
        ),
        (
            "SCHEDULE = 'USING CRON 0 0 31 2 * UTC'",
            "No valid time could be found under the schedule and/or interval specified",
        ),
        (
            "WAREHOUSE = w SERVERLESS_TASK_MIN_STATEMENT_SIZE = SMALL",
            "Cannot set SERVERLESS_TASK_MIN_STATEMENT_SIZE on a non-serverless task.",
        ),
        (
            "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 604801",
            f"{SQL}invalid value [604801] for parameter 'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS'",
        ),
    ],
)
def test_refusals_at_create_and_alter(sql, options, text):
    assert sql.refuses(f"CREATE TASK t {options} AS SELECT 1") == text
    sql("CREATE TASK t AS SELECT 1")
    assert sql.refuses(f"ALTER TASK t SET {options}") == text


@pytest.mark.fact("1.2", "8")
@pytest.mark.parametrize(
    ("statement", "code", "sqlstate"),
    [
        ("CREATE TASK t NO_SUCH = 1 AS SELECT 1", 1420, "22023"),
        ("CREATE TASK t OVERLAP_POLICY = BOGUS AS SELECT 1", 1422, "22023"),
        ("CREATE TASK t WAREHOUSE = w TARGET_COMPLETION_INTERVAL = '5 MINUTES' AS SELECT 1", 91857, "42601"),
        ("CREATE TASK t SCHEDULE = '5 MINUTES' AFTER r AS SELECT 1", 91400, "42601"),
        ("CREATE TASK r AS SELECT 1", 2002, "42710"),
        ("CREATE TASK t SELECT 1", 1003, "42000"),
        ("ALTER TASK nobody RESUME", 2003, "02000"),
        ("EXECUTE TASK c", 91435, "22000"),
        ("EXECUTE TASK r RETRY LAST", 91457, "22000"),
        ("ALTER TASK started SET COMMENT = 'c'", 91421, "22000"),
    ],
)
def test_codes(sql, statement, code, sqlstate):
    sql.create("r AS SELECT 1", "c AFTER r AS SELECT 1", "started AS SELECT 1")
    sql("ALTER TASK started RESUME")
    error = sql.refusal(statement)
    assert (error.code, error.sqlstate) == (code, sqlstate)


@pytest.mark.fact("1.2")
def test_two_spellings_of_one_option_are_no_duplicate(sql):
    sql("CREATE TASK t QUERY_TAG = 'a' query_tag = 'b' AS SELECT 1")
    assert sql("SHOW PARAMETERS LIKE 'QUERY_TAG' IN TASK t")[0]["value"] == "b"


@pytest.mark.fact("1.2")
@pytest.mark.parametrize(
    ("parameter", "default"),
    [
        ("USER_TASK_TIMEOUT_MS", "3600000"),
        ("SUSPEND_TASK_AFTER_NUM_FAILURES", "10"),
        ("TASK_AUTO_RETRY_ATTEMPTS", "0"),
        ("USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", "30"),
        ("USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE", "MEDIUM"),
        ("SERVERLESS_TASK_MIN_STATEMENT_SIZE", "XSMALL"),
        ("SERVERLESS_TASK_MAX_STATEMENT_SIZE", "XXLARGE"),
    ],
)
def test_defaults(sql, parameter, default):
    sql("CREATE TASK t AS SELECT 1")
    (row,) = sql(f"SHOW PARAMETERS LIKE '{parameter}' IN TASK t")
    assert (row["value"], row["default"], row["level"]) == (default, default, "")


@pytest.mark.fact("1.2", "5")
@pytest.mark.parametrize(
    "option",
    [
        "USER_TASK_TIMEOUT_MS = 0",
        "USER_TASK_TIMEOUT_MS = 604800000",
        "SUSPEND_TASK_AFTER_NUM_FAILURES = 0",
        "TASK_AUTO_RETRY_ATTEMPTS = 30",
        "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 10",
        "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 604800",
        "TARGET_COMPLETION_INTERVAL = '24 HOURS'",
        "TARGET_COMPLETION_INTERVAL = '10 S'",
        "SCHEDULE = '10 SECONDS'",
        "SCHEDULE = '192 H'",
        "LOG_LEVEL = TRACE",
        "TIMEZONE = 'EST'",
        "AUTOCOMMIT = TRUE",
    ],
)
def test_the_ends_of_the_ranges_are_taken(sql, option):
    sql(f"CREATE TASK t {option} AS SELECT 1")


@pytest.mark.fact("1.2")
def test_a_warehouse_a_user_and_an_integration_that_nobody_made_are_accepted(sql):
    """A laptop has none: what an account would refuse at the first pass is only recorded here."""
    options = "WAREHOUSE = 'my_wh' ERROR_INTEGRATION = e SUCCESS_INTEGRATION = s EXECUTE AS USER bob"
    sql(f"CREATE TASK t {options} AS SELECT 1")
    shown = sql.shown("T")
    assert [shown[name] for name in ("warehouse", "error_integration", "success_integration", "execute_as_user")] == [
        "MY_WH",
        "E",
        "S",
        "BOB",
    ]


@pytest.mark.fact("1.2", "5")
def test_tags_are_read_back(sql):
    sql("CREATE TAG cost", "CREATE TASK t WITH TAG (cost = 'low') AS SELECT 1")
    read = "SELECT SYSTEM$GET_TAG('cost', 't', 'TASK')"
    assert sql.value(read) == "low"
    sql("ALTER TASK t SET TAG cost = 'high'", "CREATE OR ALTER TASK t AS SELECT 2")
    assert sql.value(read) == "high"
    sql("ALTER TASK t UNSET TAG cost")
    assert sql.value(read) is None
    assert "256" in sql.refuses(f"ALTER TASK t SET TAG cost = '{'x' * 257}'")


@pytest.mark.fact("5")
def test_a_name_has_255_characters_at_most(sql):
    sql(f"CREATE TASK {'a' * 255} AS SELECT 1")
    assert "255" in sql.refuses(f"CREATE TASK {'a' * 256} AS SELECT 1")
    sql('CREATE TASK "a b" AS SELECT 1', "CREATE TASK dag$task AS SELECT 1")


@pytest.mark.fact("5")
def test_a_graph_has_1000_tasks_at_most():
    from datetime import UTC, datetime

    from neve.local.errors import SqlError
    from neve.local.tasks.model import Task
    from neve.local.tasks.rules import check

    def task(name, *predecessors):
        return Task("id", "D", "S", name, "R", "U", datetime(2026, 1, 1, tzinfo=UTC), "", predecessors=predecessors)

    tasks = {"R": task("R")}
    for place in range(998):
        tasks[f"T{place}"] = task(f"T{place}", f"T{place - 90}" if place >= 90 else "R")
    check(task("LAST", "T997"), tasks)
    tasks["LAST"] = task("LAST", "T997")
    with pytest.raises(SqlError, match="1,000"):
        check(task("ONE_MORE", "T997"), tasks)


@pytest.mark.fact("1.2.2")
def test_a_finalizer_has_no_finalizer_itself(sql):
    sql.create("r AS SELECT 1", "f FINALIZE = r AS SELECT 1", "other AS SELECT 1")
    text = "This task has a finalizer and cannot be made a child task."
    assert text in sql.refuses("ALTER TASK r SET FINALIZE = other")
    assert text in sql.refuses("ALTER TASK r ADD AFTER other")
    assert text in sql.refuses("CREATE OR ALTER TASK r AFTER other AS SELECT 1")
    assert "Cannot replace task" in sql.refuses("CREATE OR REPLACE TASK r FINALIZE = other AS SELECT 1")


@pytest.mark.fact("1.2.3")
@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("SELECT no_such_column FROM no_such_table", "FAILED"),
        ("this is no SQL", "FAILED"),
        ("EXECUTE IMMEDIATE $$ neither ( is this $$", "FAILED"),
        ("EXECUTE NOTEBOOK n()", "FAILED"),
        ("EXECUTE DBT PROJECT p", "FAILED"),
        ("$$ print('python') $$", "FAILED"),
        ("SELECT 1", "SUCCEEDED"),
        ("CALL SYSTEM$WAIT(0)", "SUCCEEDED"),
        ("BEGIN LET x := 1; RETURN x; END", "SUCCEEDED"),
        ("DECLARE x INT DEFAULT 1; BEGIN RETURN x; END", "SUCCEEDED"),
        ("EXECUTE IMMEDIATE $$ BEGIN RETURN 1; END; $$", "SUCCEEDED"),
        ("WITH p AS PROCEDURE () RETURNS INT LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$ CALL p()", "SUCCEEDED"),
    ],
)
def test_a_body_is_looked_at_when_it_runs(sql, body, state):
    sql(f"CREATE TASK r AS {body}")
    assert sql.shown("R", "definition") == body
    assert sql.run() == {"R": state}


@pytest.mark.fact("1.3")
def test_or_alter_of_a_started_task(sql):
    sql("CREATE TASK t SCHEDULE = '1 H' AS SELECT 1", "ALTER TASK t RESUME")
    assert sql.refusal("CREATE OR ALTER TASK t SCHEDULE = '1 H' AS SELECT 1").code == 91421
    sql("ALTER TASK t SUSPEND", "CREATE OR ALTER TASK t SCHEDULE = '1 H' AS SELECT 1")
    assert sql.shown("T", "state") == "suspended"


@pytest.mark.fact("1.3")
def test_or_alter_resets_parameters_links_and_user(sql):
    sql.create("r AS SELECT 1", "t USER_TASK_TIMEOUT_MS = 5 QUERY_TAG = 'q' AFTER r EXECUTE AS USER bob AS SELECT 1")
    sql("CREATE OR ALTER TASK t AS SELECT 1")
    assert (sql.shown("T", "predecessors"), sql.shown("T", "execute_as_user")) == ("[]", None)
    assert {row["level"] for row in sql("SHOW PARAMETERS IN TASK t")} == {""}
    sql("CREATE OR ALTER TASK t FINALIZE = r AS SELECT 1", "CREATE OR ALTER TASK t AS SELECT 1")
    assert sql.shown("T", "task_relations") == '{"Predecessors":[]}'


class TestReplacedWhileItRuns:
    """1.4: the run ends on its version; only its query id reaches it."""

    @pytest.fixture
    def running(self, sql):
        sql("CREATE TASK r AS CALL SYSTEM$WAIT(20)", "EXECUTE TASK r")
        query = next(iter(wait_for(lambda: [row["QUERY_ID"] for row in sql.history() if row["STATE"] == "EXECUTING"])))
        old = sql.shown("R", "id")
        sql("CREATE OR REPLACE TASK r AS SELECT 2")
        return sql, query, old

    @pytest.mark.fact("1.4", "2.6")
    def test_cancelling_the_task_does_not_reach_it_its_query_does(self, running):
        sql, query, old = running
        assert "has no currently running executions" in sql.value(
            "SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('r')"
        )
        assert query in sql.value(f"SELECT SYSTEM$CANCEL_QUERY('{query}')")
        (row,) = wait_for(lambda: [row for row in sql.history(ROOT_TASK_ID=f"'{old}'") if row["STATE"] != "EXECUTING"])
        assert (row["STATE"], row["QUERY_TEXT"]) == ("CANCELLED", "CALL SYSTEM$WAIT(20)")
        assert sql.value(f"SELECT SYSTEM$CANCEL_QUERY('{query}')") == (
            "Identified SQL statement is not currently executing."
        )


@pytest.mark.fact("1.4")
def test_tags_go_with_the_replaced_task(sql):
    sql("CREATE TAG cost", "CREATE TASK t WITH TAG (cost = 'low') AS SELECT 1", "CREATE OR REPLACE TASK t AS SELECT 1")
    assert sql.value("SELECT SYSTEM$GET_TAG('cost', 't', 'TASK')") is None


@pytest.mark.fact("1.5")
def test_a_clone_of_a_started_root_is_suspended_and_alone(sql):
    sql.graph("r SCHEDULE = '1 H' CONFIG = '{}' AS SELECT 1", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    sql("ALTER TASK r RESUME", "CREATE TASK twin CLONE r")
    shown = sql.shown("TWIN")
    assert (shown["state"], shown["schedule"], shown["config"]) == ("suspended", "1 H", "{}")
    assert shown["task_relations"] == '{"Predecessors":[]}'
    sql("CREATE OR REPLACE TASK twin CLONE twin")


@pytest.mark.fact("1.5")
def test_a_clone_of_a_child_hangs_off_the_same_predecessor(sql):
    sql.create("r AS SELECT 1", "c AFTER r AS SELECT 1")
    sql("CREATE TASK d CLONE c")
    assert sql.shown("D", "predecessors") == sql.shown("C", "predecessors")
    sql("ALTER TASK r RESUME")
    assert sql.refusal("CREATE TASK e CLONE c").code == 91421


@pytest.mark.fact("2.6")
def test_get_ddl_makes_the_task_anew(sql):
    sql.create(
        'r SCHEDULE = \'1 H\' CONFIG = $${"a": "it\'s"}$$ OVERLAP_POLICY = ALLOW_ALL_OVERLAP WAREHOUSE = w AS SELECT 1',
        "c COMMENT = 'don''t' QUERY_TAG = 'q' AFTER r WHEN 1 = 1 AS BEGIN SELECT 1; END",
        "f FINALIZE = r USER_TASK_TIMEOUT_MS = 5 AS SELECT 1",
    )
    own = {"id", "created_on", "last_suspended_on"}
    for task in ("F", "C", "R"):
        before = sql.shown(task)
        text = sql.value(f"SELECT GET_DDL('TASK', '{task}')")
        assert re.match(rf"create or replace task {task}\n\t", text)
        sql(text)
        assert {key: value for key, value in sql.shown(task).items() if key not in own} == {
            key: value for key, value in before.items() if key not in own
        }
    assert sql.value("SELECT GET_DDL('TASK', 'r', TRUE)").startswith(f"create or replace task {sql.prefix}R")
