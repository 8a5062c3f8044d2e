"""Fact sheet 4: WHEN, and the functions that tasks call."""

from decimal import Decimal

import pytest

from neve.local.errors import SqlError
from neve.local.tasks.condition import PREDECESSORS_STATE, calls, parse_condition
from neve.local.tasks.evaluate import evaluate, holds
from neve.local.tasks.graph_config import parse_path, read_path

pytestmark = pytest.mark.fact("4.1")

OK = "SELECT 1"
GATE = "SYSTEM$GET_PREDECESSOR_RETURN_VALUE"


def value(text, **returned):
    def call(name, arguments):
        assert name == GATE
        return returned[arguments[0]]

    return evaluate(parse_condition(text), call)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1=1", True),
        ("1 <> 1", False),
        ("1 != 2 AND NOT 1 > 2", True),
        ("FALSE OR (1 <= 1 AND 'a' < 'b')", True),
        ("NULL = 1", None),
        ("NULL = 1 OR TRUE", True),
        ("NULL = 1 AND FALSE", False),
        ("NOT (NULL = 1)", None),
        ("TRUE OR FALSE AND FALSE", True),
        ("'10' = 10", True),
        ("-1.5 < +1", True),
        ("'true' = TRUE", True),
        ("'0.9'::NUMBER = 1", True),
        ("'0.9'::NUMBER(10, 1) = 0.9", True),
        ("CAST('0.9' AS FLOAT) = 0.9", True),
        ("1::BOOLEAN", True),
        ("'off'::boolean", False),
        ("1::VARCHAR = '1'", True),
        ("TRUE::STRING", "true"),
        ("NULL::NUMBER", None),
        ("5", Decimal(5)),
    ],
)
def test_4_1_what_a_condition_is_worth(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "returned", "expected"),
    [
        (f"{GATE}('A') = 'x'", "x", True),
        (f"{GATE}('A') = 'x'", "X", False),
        (f"{GATE}('A') = 'x'", None, False),
        (f"{GATE}('A')::NUMBER >= 0.99", "1", True),
        (f"{GATE}('A')::BOOLEAN", "TRUE", True),
        (f"NOT {GATE}('A')::BOOLEAN", "no", True),
        (f"system$get_predecessor_return_value('A') > 5 and {GATE}('A') < 7", "6", True),
    ],
)
def test_4_1_return_values_are_compared_as_what_they_meet(text, returned, expected):
    assert holds(parse_condition(text), lambda _name, _arguments: returned) is expected


@pytest.mark.parametrize(
    "text",
    [
        "CURRENT_TIMESTAMP() > '2020-01-01'",
        "PARSE_JSON('{}') IS NULL",
        "SYSTEM$GET_TASK_GRAPH_CONFIG('a') = 'b'",
        "(SELECT 1) = 1",
        "x = 1",
        "$x = 1",
        "1 + 1 = 2",
        "1 IN (1, 2)",
        "1::DATE = 2",
        f"{GATE}(x) = 1",
        f"{GATE}('A', 'B') = 1",
        "SYSTEM$STREAM_HAS_DATA()",
        "1 = 1 1",
        "my_udf()",
    ],
)
def test_4_1_anything_else_is_refused(text):
    with pytest.raises(SqlError) as caught:
        parse_condition(text)
    assert caught.value.message == (
        "Invalid expression for task condition expression. Only some data type conversions and the following functions "
        "are allowed: [SYSTEM$GET_PREDECESSOR_RETURN_VALUE, SYSTEM$STREAM_HAS_DATA]."
    )


@pytest.mark.parametrize("text", ["(1 = 1", "1 =", "NOT", "'open", "(" * 500 + "1" + ")" * 500])
def test_4_1_broken_conditions(text):
    with pytest.raises(SqlError):
        parse_condition(text)


@pytest.mark.parametrize(
    ("text", "code"), [("'x'::NUMBER = 1", 100038), ("'maybe'::BOOLEAN", 100037), ("'nan' = 1", 100038)]
)
def test_4_1_values_that_do_not_convert(text, code):
    with pytest.raises(SqlError) as caught:
        value(text)
    assert caught.value.code == code


@pytest.mark.fact("3.3")
@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("SYSTEM$PREDECESSORS_STATE('ALL_DONE')", True),
        ("1 = 1 AND NOT (SYSTEM$PREDECESSORS_STATE('ALL_DONE') OR 2 = 2)", True),
        ("SYSTEM$PREDECESSORS_STATE('ALL_DONE')::BOOLEAN = TRUE", True),
        ("SYSTEM$TASK_COMPLETION_STATE('A') = 'SKIPPED'", False),
    ],
)
def test_3_3_what_replaces_the_gate(text, own):
    assert calls(text, PREDECESSORS_STATE) is own


@pytest.mark.fact("3.3")
def test_3_3_an_unknown_predecessors_condition():
    with pytest.raises(SqlError):
        parse_condition("SYSTEM$PREDECESSORS_STATE('MOST_SUCCEEDED')")


@pytest.mark.fact("4.4")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (None, '{"a":{"b":[1,{"odd key":"x"},null]},"n":1.50,"t":true,"s":"te\\"xt","z":null}'),
        ("s", 'te"xt'),
        ("n", "1.50"),
        ("t", "true"),
        ("z", None),
        ("a", '{"b":[1,{"odd key":"x"},null]}'),
        ("a.b", '[1,{"odd key":"x"},null]'),
        ("a.b[0]", "1"),
        ('a.b[1]."odd key"', "x"),
        ("a['b'][1]['odd key']", "x"),
        ("a.b[9]", None),
        ("a[0]", None),
        ("s.t", None),
        ("A", None),
        ("nothing.at.all", None),
    ],
)
def test_4_4_paths(path, expected):
    config = '{"a": {"b": [1, {"odd key": "x"}, null]}, "n": 1.50, "t": true, "s": "te\\"xt", "z": null}'
    assert read_path(config, path) == expected
    assert read_path(None, path) is None


@pytest.mark.fact("4.4")
@pytest.mark.parametrize("path", [".", "a..b", "a[", "a[x]", "a b", 'a"b"c', "a.[0]."])
def test_4_4_what_is_no_path(path):
    with pytest.raises(SqlError):
        parse_path(path)


@pytest.mark.engine
class TestReturnValues:
    @pytest.mark.fact("4.2")
    @pytest.mark.parametrize(
        "body",
        [
            "CALL SYSTEM$SET_RETURN_VALUE('x')",
            "SELECT SYSTEM$SET_RETURN_VALUE('x')",
            "BEGIN CALL SYSTEM$SET_RETURN_VALUE('first'); LET v := 'x'; CALL SYSTEM$SET_RETURN_VALUE(:v); END",
            "EXECUTE IMMEDIATE $$ BEGIN LET v := 'x'; CALL SYSTEM$SET_RETURN_VALUE(:v); END; $$",
        ],
    )
    def test_4_2_where_it_is_set(self, sql, body):
        sql(f"CREATE TASK r AS {body}")
        sql.run()
        assert sql.row("R")["ERROR_MESSAGE"] is None
        assert sql.row("R")["RETURN_VALUE"] == "x"

    @pytest.mark.fact("4.2")
    def test_4_2_a_result_is_no_return_value(self, sql):
        sql("CREATE TASK r AS BEGIN RETURN 'x'; END")
        sql.run()
        assert sql.row("R")["RETURN_VALUE"] is None

    @pytest.mark.fact("4.2")
    def test_4_2_ten_kilobytes_of_utf_8(self, sql):
        sql.create(
            "fits AS CALL SYSTEM$SET_RETURN_VALUE(REPEAT('é', 5120))",
            "not AS CALL SYSTEM$SET_RETURN_VALUE(REPEAT('é', 5121))",
        )
        assert (sql.run("FITS"), sql.run("NOT")) == ({"FITS": "SUCCEEDED"}, {"NOT": "FAILED"})

    @pytest.mark.fact("4.2", "4.3", "4.4", "4.5")
    @pytest.mark.parametrize(
        "call",
        [
            "SYSTEM$SET_RETURN_VALUE('x')",
            "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('x')",
            "SYSTEM$GET_TASK_GRAPH_CONFIG()",
            "SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_NAME')",
            "SYSTEM$CURRENT_USER_TASK_NAME()",
        ],
    )
    @pytest.mark.parametrize("verb", ["CALL", "SELECT"])
    def test_outside_of_a_task(self, sql, verb, call):
        name = call.partition("(")[0]
        assert sql.refuses(f"{verb} {call}") == f"Function {name} must be called from within a task."

    @pytest.mark.fact("4.3")
    def test_4_3_who_reads_whose(self, sql):
        """Any resumed ancestor by its name; without a name the one resumed predecessor."""
        read = "CALL SYSTEM$SET_RETURN_VALUE(SYSTEM$GET_PREDECESSOR_RETURN_VALUE({}))"
        sql.graph(
            "r AS CALL SYSTEM$SET_RETURN_VALUE('from r')",
            "a AFTER r AS CALL SYSTEM$SET_RETURN_VALUE('from a')",
            f"b AFTER r AS {OK}",
            "far AFTER a AS " + read.format("'R'"),
            "near AFTER a AS " + read.format(""),
            "lower AFTER a AS " + read.format("'a'"),
            "beside AFTER a AS " + read.format("'B'"),
            "two AFTER a, b AS " + read.format(""),
            "unset AFTER b AS " + read.format("'B'"),
            "f FINALIZE = r AS " + read.format("'A'"),
        )
        states = sql.run()
        assert {task: sql.row(task)["RETURN_VALUE"] for task in ("FAR", "NEAR", "UNSET")} == {
            "FAR": "from r",
            "NEAR": "from a",
            "UNSET": None,
        }
        failed = {task for task, state in states.items() if state == "FAILED"}
        assert failed == {"LOWER", "BESIDE", "TWO", "F"}

    @pytest.mark.fact("4.3")
    def test_4_3_in_when_and_in_sql(self, sql):
        sql("CREATE TABLE log (x VARCHAR)")
        sql.graph(
            "r AS CALL SYSTEM$SET_RETURN_VALUE('17')",
            f"yes AFTER r WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R') = '17' AS {OK}",
            f"no AFTER r WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE()::NUMBER > 17 AS {OK}",
            f"broken AFTER r WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R')::BOOLEAN AS {OK}",
            "query AFTER r AS INSERT INTO log SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R')::INT + 1",
            """script AFTER r AS BEGIN
                 LET a := (SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R'));
                 LET b := SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R');
                 CALL SYSTEM$SET_RETURN_VALUE(:a || :b);
               END""",
        )
        states = sql.run()
        assert {task for task, state in states.items() if state == "SUCCEEDED"} == {"R", "YES", "QUERY", "SCRIPT"}
        assert (states["NO"], states["BROKEN"]) == ("SKIPPED", "FAILED")
        assert sql.row("BROKEN")["ERROR_MESSAGE"] == "Boolean value '17' is not recognized"
        assert sql("SELECT x FROM log") == [{"X": "18"}]
        assert sql.row("SCRIPT")["RETURN_VALUE"] == "1717"


@pytest.mark.engine
class TestContext:
    @pytest.mark.fact("4.4")
    def test_4_4_too_many_arguments(self, sql):
        sql("CREATE TASK r AS SELECT SYSTEM$GET_TASK_GRAPH_CONFIG('a', 'b')")
        sql.run()
        message = sql.row("R")["ERROR_MESSAGE"]
        assert "too many arguments for function [" in message
        assert message.endswith("expected 1, got 2")

    @pytest.mark.fact("4.5")
    def test_4_5_runtime_info(self, sql):
        names = [
            "current_task_name", "CURRENT_ROOT_TASK_NAME", "CURRENT_ROOT_TASK_UUID", "CURRENT_TASK_GRAPH_RUN_GROUP_ID",
            "LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID",
        ]  # fmt: skip
        time = "SYSTEM$TASK_RUNTIME_INFO('{}TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ"
        values = ", ".join(f"SYSTEM$TASK_RUNTIME_INFO('{name}')" for name in names)
        times = f"{time.format('CURRENT_')}, {time.format('LAST_SUCCESSFUL_')}"
        sql(
            "CREATE TABLE log (task VARCHAR, root VARCHAR, uuid VARCHAR, grp VARCHAR, last_grp VARCHAR, "
            "at TIMESTAMP_LTZ, last_at TIMESTAMP_LTZ, name VARCHAR)"
        )
        sql.graph(
            f"r AS {OK}", f"c AFTER r AS INSERT INTO log SELECT {values}, {times}, SYSTEM$CURRENT_USER_TASK_NAME()"
        )
        sql.run()
        first = sql.row("R")
        sql.run()
        second = sql.row("R")
        expected = {
            "TASK": f"{sql.prefix}C",
            "ROOT": f"{sql.prefix}R",
            "UUID": sql.shown("R", "id"),
            "NAME": f"{sql.prefix}C",
        }
        assert sql("SELECT * FROM log ORDER BY at") == [
            {**expected, "GRP": str(run["GRAPH_RUN_GROUP_ID"]), "AT": run["SCHEDULED_TIME"], **last}
            for run, last in (
                (first, {"LAST_GRP": None, "LAST_AT": None}),
                (second, {"LAST_GRP": str(first["GRAPH_RUN_GROUP_ID"]), "LAST_AT": first["SCHEDULED_TIME"]}),
            )
        ]

    @pytest.mark.fact("4.5")
    def test_4_5_the_scheduled_time_is_the_same_in_a_retry(self, sql):
        sql("CREATE TABLE log (x VARCHAR)", "CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)")
        sql.graph(
            f"r AS {OK}",
            """c AFTER r AS BEGIN
                 INSERT INTO log SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP');
                 SELECT 1 / ok FROM flag;
               END""",
        )
        sql.run()
        sql("UPDATE flag SET ok = 1")
        sql.retry()
        rows = [row["X"] for row in sql("SELECT x FROM log")]
        assert len(rows) == 2
        assert len(set(rows)) == 1

    @pytest.mark.fact("4.5")
    def test_4_5_an_unknown_name(self, sql):
        sql("CREATE TASK r AS SELECT SYSTEM$TASK_RUNTIME_INFO('NO_SUCH')")
        sql.run()
        assert "NO_SUCH" in sql.row("R")["ERROR_MESSAGE"]

    @pytest.mark.fact("1.2.3", "3.2")
    def test_names_resolve_in_the_tasks_own_schema(self, sql):
        sql("CREATE TABLE here (x INT)", "CREATE TASK r AS INSERT INTO here VALUES (1)")
        elsewhere = sql.engine.open_session("D", "INFORMATION_SCHEMA")
        elsewhere.execute(f"EXECUTE TASK {sql.prefix}R AWAIT")
        assert sql.value("SELECT COUNT(*) FROM here") == 1
