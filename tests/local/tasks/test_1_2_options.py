"""Fact sheet 1.2: options, their defaults and ranges, and the texts of the refusals, in two passes."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("1.2")]

SQL = "SQL compilation error:\n"
CONFIG = "Invalid config. Must be a string representation of a valid JSON Object."


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("NOT_AN_OPTION = 1", f"{SQL}invalid property 'NOT_AN_OPTION' for 'TASK'"),
        ("COMMENT = 'a' COMMENT = 'b'", f"{SQL}duplicate property 'COMMENT';"),
        ("QUERY_TAG = 'q' QUERY_TAG = 'r'", f"{SQL}duplicate property 'QUERY_TAG';"),
        ("COMMENT = 5", f"{SQL}invalid value [5] for parameter 'COMMENT'"),
        ("SCHEDULE = 5", f"{SQL}invalid value [5] for parameter 'SCHEDULE'"),
        ("USER_TASK_TIMEOUT_MS = '5000'", f"{SQL}invalid value ['5000'] for parameter 'USER_TASK_TIMEOUT_MS'"),
        (
            "STATEMENT_TIMEOUT_IN_SECONDS = 'abc'",
            f"{SQL}invalid value ['abc'] for parameter 'STATEMENT_TIMEOUT_IN_SECONDS'",
        ),
        ("OVERLAP_POLICY = BOGUS", f"{SQL}invalid value 'BOGUS' for property 'OVERLAP_POLICY'"),
        (
            "SERVERLESS_TASK_MIN_STATEMENT_SIZE = 'HUGE'",
            f"{SQL}invalid value [HUGE] for parameter 'SERVERLESS_TASK_MIN_STATEMENT_SIZE'",
        ),
        ("USER_TASK_TIMEOUT_MS = 604800001", f"{SQL}invalid value [604800001] for parameter 'USER_TASK_TIMEOUT_MS'"),
        ("USER_TASK_TIMEOUT_MS = -1", f"{SQL}invalid value [-1] for parameter 'USER_TASK_TIMEOUT_MS'"),
        ("TASK_AUTO_RETRY_ATTEMPTS = 31", f"{SQL}invalid value [31] for parameter 'TASK_AUTO_RETRY_ATTEMPTS'"),
        (
            "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 9",
            f"{SQL}invalid value [9] for parameter 'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS'",
        ),
        ("CONFIG = 'not json'", CONFIG),
        ("CONFIG = '[1, 2]'", CONFIG),
        ("CONFIG = '{\"a\": NaN}'", CONFIG),
        (
            "WAREHOUSE = wh USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = SMALL",
            "Cannot set USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE on a non-serverless task.",
        ),
        (
            "WAREHOUSE = wh SERVERLESS_TASK_MAX_STATEMENT_SIZE = SMALL",
            "Cannot set SERVERLESS_TASK_MAX_STATEMENT_SIZE on a non-serverless task.",
        ),
        (
            "SERVERLESS_TASK_MIN_STATEMENT_SIZE = LARGE SERVERLESS_TASK_MAX_STATEMENT_SIZE = SMALL",
            (
                "SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE "
                "(SMALL)."
            ),
        ),
        (
            "SERVERLESS_TASK_MIN_STATEMENT_SIZE = LARGE USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = SMALL",
            (
                "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE (SMALL) cannot be less than "
                "SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE)."
            ),
        ),
        (
            "OVERLAP_POLICY = NO_OVERLAP ALLOW_OVERLAPPING_EXECUTION = TRUE",
            "Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command.",
        ),
        (
            "AUTOCOMMIT = FALSE",
            "The parameter AUTOCOMMIT = false is not supported with Tasks. Remove the parameter and try again.",
        ),
        (
            "SEARCH_PATH = '$current'",
            "The parameter SEARCH_PATH is not supported with Tasks. Remove the parameter and try again.",
        ),
        (
            "LOG_LEVEL = 'BOGUS'",
            "Invalid value for log level. Allowed values are TRACE,DEBUG,INFO,WARN,ERROR,FATAL,OFF.",
        ),
    ],
)
def test_refused_at_create_and_at_alter_alike(sql, options, text):
    assert sql.refuses(f"CREATE TASK t {options} AS SELECT 1") == text
    assert sql("SHOW TASKS") == []
    sql("CREATE TASK t AS SELECT 1")
    before = sql.shown("T")
    assert sql.refuses(f"ALTER TASK t SET {options}") == text
    assert sql.shown("T") == before


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("CONFIG = '{}'", "Task {p}C cannot both be a non-root task and have a config."),
        ("OVERLAP_POLICY = NO_OVERLAP", "Cannot set overlap policy on non-root task {p}C."),
        ("ALLOW_OVERLAPPING_EXECUTION = TRUE", "Cannot set allow_overlapping_execution on non-root task {p}C."),
        (
            "TASK_AUTO_RETRY_ATTEMPTS = 2",
            (
                "Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task C. Non-root tasks use the parameter "
                "setting from their root task. Please set this on the root task for this task instead."
            ),
        ),
        ("SCHEDULE = '5 MINUTE'", "Task C cannot have both a schedule and a predecessor."),
    ],
)
def test_options_of_roots_are_refused_on_children(sql, options, text):
    text = text.format(p=sql.prefix)
    sql("CREATE TASK r AS SELECT 1")
    assert sql.refuses(f"CREATE TASK c {options} AFTER r AS SELECT 1") == text
    sql("CREATE TASK c AFTER r AS SELECT 1")
    assert sql.refuses(f"ALTER TASK c SET {options}") == text


def test_the_old_switch_set_to_false_passes_on_a_child(sql):
    sql.create("r AS SELECT 1", "c ALLOW_OVERLAPPING_EXECUTION = FALSE AFTER r AS SELECT 1")
    sql("ALTER TASK c SET ALLOW_OVERLAPPING_EXECUTION = FALSE")
    assert sql.shown("C", "overlap_policy") is None


@pytest.mark.fact("1.2", "8")
def test_the_completion_interval_is_for_serverless_tasks(sql):
    text = f"TARGET_COMPLETION_INTERVAL is only allowed for serverless Tasks. {sql.prefix}T is not a serverless task."
    both = sql.refusal("CREATE TASK t WAREHOUSE = wh TARGET_COMPLETION_INTERVAL = '5 MINUTES' AS SELECT 1")
    assert (both.code, both.sqlstate, both.message) == (91857, "42601", text)
    sql("CREATE TASK t TARGET_COMPLETION_INTERVAL = '5 MINUTES' AS SELECT 1")
    assert sql.refuses("ALTER TASK t SET WAREHOUSE = wh") == text
    for wrong in ("9 SECONDS", "25 HOURS", "5 DAYS"):
        assert wrong in sql.refuses(f"ALTER TASK t SET TARGET_COMPLETION_INTERVAL = '{wrong}'")


def test_a_config_is_kept_as_written(sql):
    config = '{"env":  "prod", "n": 1.0}'
    sql(f"CREATE TASK r CONFIG = $${config}$$ AS SELECT 1")
    assert sql.shown("R", "config") == config
    sql("ALTER TASK r UNSET CONFIG")
    assert sql.shown("R", "config") is None


def test_the_overlap_policy_and_the_old_switch_are_one_setting(sql):
    sql("CREATE TASK r OVERLAP_POLICY = Allow_Child_Overlap AS SELECT 1")
    assert sql.shown("R", "overlap_policy") == "ALLOW_CHILD_OVERLAP"
    assert sql.shown("R", "allow_overlapping_execution") == "true"
    sql("ALTER TASK r SET OVERLAP_POLICY = ALLOW_ALL_OVERLAP")
    assert sql.shown("R", "allow_overlapping_execution") == "false"
    sql("ALTER TASK r SET ALLOW_OVERLAPPING_EXECUTION = TRUE")
    assert sql.shown("R", "overlap_policy") == "ALLOW_CHILD_OVERLAP"
    sql("ALTER TASK r UNSET ALLOW_OVERLAPPING_EXECUTION")
    assert sql.shown("R", "overlap_policy") == "NO_OVERLAP"


@pytest.mark.parametrize("size", ["XSMALL", "X-SMALL", "xsmall", "XXLARGE", "X2LARGE", "2X-Large", "Medium"])
def test_sizes_in_all_spellings(sql, size):
    sql(f"CREATE TASK t USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = '{size}' AS SELECT 1")


def test_if_not_exists_on_an_existing_task_runs_the_first_pass_only(sql):
    sql("CREATE TASK t AS SELECT 1")
    assert sql.status("CREATE TASK IF NOT EXISTS t AS SELECT 2") == "T already exists, statement succeeded."
    assert sql.status("CREATE TASK IF NOT EXISTS t SCHEDULE = 'x' AS SELECT 2") == (
        "T already exists, statement succeeded."
    )
    assert "invalid property" in sql.refuses("CREATE TASK IF NOT EXISTS t NO_SUCH = 1 AS SELECT 2")
    assert sql.shown("T", "definition") == "SELECT 1"


@pytest.mark.fact("1.2", "8")
def test_creating_twice(sql):
    assert sql.status("CREATE TASK t AS SELECT 1") == "Task T successfully created."
    error = sql.refusal("CREATE TASK t AS SELECT 1")
    assert (error.code, error.sqlstate, error.message) == (2002, "42710", f"{SQL}Object 'T' already exists.")


@pytest.mark.fact("1.2", "8")
def test_a_schema_that_does_not_exist(sql):
    assert sql.refusal("CREATE TASK nowhere.t AS SELECT 1").code == 2003


@pytest.mark.fact("2.5")
def test_parameters_show_where_they_were_set(sql):
    sql(
        "CREATE TASK t TIMESTAMP_INPUT_FORMAT = 'YYYY', QUERY_TAG = 'q' STATEMENT_TIMEOUT_IN_SECONDS = 10 "
        "LOG_LEVEL = 'info' AS SELECT 1"
    )

    def parameter(name):
        (row,) = sql(f"SHOW PARAMETERS LIKE '{name}' IN TASK t")
        return row["value"], row["default"], row["level"]

    assert parameter("QUERY_TAG") == ("q", "", "TASK")
    assert parameter("STATEMENT_TIMEOUT_IN_SECONDS") == ("10", "172800", "TASK")
    assert parameter("LOG_LEVEL") == ("info", "OFF", "TASK")
    assert parameter("TIME_INPUT_FORMAT") == ("AUTO", "AUTO", "")
    assert parameter("USER_TASK_TIMEOUT_MS") == ("3600000", "3600000", "")
    sql("ALTER TASK t UNSET QUERY_TAG, LOG_LEVEL")
    assert parameter("QUERY_TAG") == ("", "", "")
    assert parameter("LOG_LEVEL") == ("OFF", "OFF", "")


def test_session_parameters_are_set_in_the_session_of_the_run(sql):
    hour = "TO_CHAR('2026-01-01 00:00:00+00:00'::TIMESTAMP_LTZ, 'YYYY-MM-DD HH24')"
    sql(f"CREATE TASK r TIMEZONE = 'Asia/Tokyo' AS CALL SYSTEM$SET_RETURN_VALUE({hour})")
    assert sql.run() == {"R": "SUCCEEDED"}
    assert sql.row("R")["RETURN_VALUE"] == "2026-01-01 09"
