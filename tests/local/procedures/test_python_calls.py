"""Handlers in Python: a real Snowpark session in a child process (fact sheet 6.1, 6.3)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


def called(session, text="CALL P()"):
    ((value,),) = session.execute(text).rows
    return value


def refused(session, text="CALL P()"):
    with pytest.raises(SqlError) as caught:
        session.execute(text)
    return caught.value


def test_handler_gets_a_session_that_is_the_callers(session, procedure):
    session.execute("CREATE OR REPLACE TEMPORARY TABLE MINE (A NUMBER)")
    session.execute("INSERT INTO MINE VALUES (1), (2)")
    procedure(
        """
from snowflake.snowpark.context import get_active_session

def main(session):
    assert get_active_session() is session
    session.sql("INSERT INTO MINE VALUES (3)").collect()
    return f"{session.table('MINE').count()} {session.get_current_schema()}"
"""
    )
    assert called(session) == '3 "PUBLIC"'
    assert session.execute("SELECT COUNT(*) FROM MINE").rows == [(3,)]


def test_result_has_the_procedures_name(session, procedure):
    procedure("def main(session): return 'x'", name="NAMED")
    assert [column.name for column in session.execute("CALL NAMED()").columns] == ["NAMED"]


@pytest.mark.parametrize(
    ("kind", "argument", "seen", "back"),
    [
        ("VARCHAR", "'it''s'", "it's", "it's"),
        ("NUMBER", "'7'", 7, 7),
        ("NUMBER(10,2)", "1.5", Decimal("1.50"), Decimal("1.50")),
        ("FLOAT", "0.25", 0.25, 0.25),
        ("BOOLEAN", "TRUE", True, True),
        ("DATE", "'2024-02-29'", date(2024, 2, 29), date(2024, 2, 29)),
        ("TIMESTAMP_NTZ", "'2024-02-29 01:02:03.5'", datetime.fromisoformat("2024-02-29 01:02:03.5"), ...),
        ("BINARY", "TO_BINARY('ff00', 'HEX')", b"\xff\x00", b"\xff\x00"),
        ("VARIANT", "PARSE_JSON('{\"a\": [1, null]}')", {"a": [1, None]}, '{\n  "a": [\n    1,\n    null\n  ]\n}'),
        ("ARRAY", "PARSE_JSON('[1, 2]')::ARRAY", [1, 2], "[\n  1,\n  2\n]"),
        ("VARCHAR", "NULL", None, None),
    ],
)
def test_types_of_arguments_and_results(session, procedure, kind, argument, seen, back):
    import_line = "import datetime\nfrom decimal import Decimal\n"
    procedure(f"{import_line}def main(session, a):\n    assert a == {seen!r}, repr(a)\n    return a", f"A {kind}", kind)
    assert called(session, f"CALL P({argument})") == (seen if back is ... else back)


def test_what_is_no_text_becomes_text(session, procedure):
    procedure("def main(session): return {'a': 1}")
    assert called(session) == "{'a': 1}"


def test_no_return_is_null(session, procedure):
    procedure("def main(session): pass")
    assert called(session) is None


def test_defaults_and_names_of_arguments(session, procedure):
    procedure("def main(session, a, b): return f'{a}{b}'", "A NUMBER, B VARCHAR DEFAULT 'x' || 'y'")
    assert called(session, "CALL P(1)") == "1xy"
    assert called(session, "CALL P(b => 'z', a => 2)") == "2z"


def test_overloads_are_told_apart_by_type(session, procedure):
    procedure("def main(session, a): return 'number'", "A NUMBER", name="OVER")
    procedure("def main(session, a): return 'text'", "A VARCHAR", name="OVER")
    procedure("def main(session, a, b): return 'two'", "A VARCHAR, B VARCHAR", name="OVER")
    assert [called(session, f"CALL OVER({given})") for given in ("1", "'1'", "1, 2")] == ["number", "text", "two"]


def test_null_argument_of_a_strict_procedure_runs_nothing(session, procedure):
    procedure("def main(session, a): return 'ran'", "A NUMBER", more="RETURNS NULL ON NULL INPUT")
    assert called(session, "CALL P(NULL)") is None
    assert called(session, "CALL P(1)") == "ran"


def test_table_procedure_returns_the_rows_of_its_dataframe(session, procedure):
    procedure(
        "def main(session): return session.sql(\"SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y' ORDER BY 1\")",
        returns="TABLE (N NUMBER, T VARCHAR)",
    )
    result = session.execute("CALL P()")
    assert [column.name for column in result.columns] == ["N", "T"]
    assert result.rows == [(1, "x"), (2, "y")]
    assert session.execute("SELECT SUM(N) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))").rows == [(3,)]


def test_table_procedure_that_returns_something_else_fails(session, procedure):
    procedure("def main(session): return [1]", returns="TABLE ()")
    assert "must return a Snowpark DataFrame, not list" in refused(session).message


# Failures
def test_traceback_counts_lines_from_the_opening_marks(session, procedure):
    procedure(
        """
def check(value):
    raise ValueError("text")

def main(session):
    check(1)
""",
        name="DAILY_TRAINING$TRAIN",
    )
    error = refused(session, "CALL DAILY_TRAINING$TRAIN()")
    assert (error.code, error.sqlstate) == (100357, "P0000")
    assert error.message == (
        "Python Interpreter Error:\n"
        "Traceback (most recent call last):\n"
        '  File "_udf_code.py", line 6, in main\n'
        "    check(1)\n"
        '  File "_udf_code.py", line 3, in check\n'
        '    raise ValueError("text")\n'
        "ValueError: text\n"
        " in function DAILY_TRAINING$TRAIN with handler main"
    )


def test_broken_code_says_its_line(session, procedure):
    procedure("\ndef main(session):\n    return (\n")
    message = refused(session).message
    assert 'File "_udf_code.py", line 3' in message
    assert "SyntaxError: '(' was never closed" in message


def test_error_of_sql_in_the_handler_names_the_cause(session, procedure):
    procedure("def main(session):\n    session.sql('SELECT * FROM nowhere').collect()")
    message = refused(session).message
    assert 'File "_udf_code.py", line 2, in main' in message
    assert "Object 'NOWHERE' does not exist or not authorized." in message
    assert "neve/local/procedures" not in message


def test_handler_that_is_not_there(session, procedure):
    procedure("def other(session): pass")
    assert "the handler main is not defined by the code" in refused(session).message


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os._exit(3)", "The process of the handler ended: exit code 3."),
        ("import os; os.kill(os.getpid(), 11)", "The process of the handler ended: signal SIGSEGV."),
        ("import sys; sys.exit('enough')", "SystemExit: enough"),
    ],
)
def test_crash_fails_its_call_alone(session, procedure, code, message):
    procedure(f"def main(session):\n    {code}")
    assert message in refused(session).message
    procedure("def main(session): return 'alive'")
    assert called(session) == "alive"


def test_cancelling_kills_the_child_and_what_it_started(engine, procedure, tmp_path):
    session = engine.open_session("D", "PUBLIC")
    procedure(
        f"""
import os, subprocess, time
def main(session):
    other = subprocess.Popen(["sleep", "60"])
    open({str(tmp_path / "pids")!r}, "w").write(f"{{os.getpid()}} {{other.pid}}")
    time.sleep(60)
"""
    )
    failed = []
    caller = threading.Thread(target=lambda: failed.append(refused(session)))
    caller.start()
    pids = _soon(lambda: (tmp_path / "pids").read_text().split() if (tmp_path / "pids").exists() else None)
    session.cancel()
    caller.join(10)
    assert failed[0].code == 604
    assert all(_soon(lambda pid=pid: not _runs(int(pid))) for pid in pids)


def _soon(condition):
    for _ in range(200):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("not within ten seconds")


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# The child
def test_child_has_neither_the_engines_files_nor_its_password(session, engine, procedure, monkeypatch):
    procedure(
        """
import os, sys
def main(session):
    files = [os.path.realpath(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")]
    assert not [name for name in files if ".duckdb" in name or ".sqlite" in name], files
    assert not [name for name in os.environ if name.startswith("SNOWFLAKE_")]
    assert "duckdb" not in sys.modules
    return session.connection._password or "none"
"""
    )
    assert called(session) == "none"


def test_output_goes_to_the_log(session, engine, procedure, capfd):
    procedure("import sys\ndef main(session):\n    print('said aloud')\n    print('and again', file=sys.stderr)")
    called(session)
    assert "said aloud" in (engine.state / "engine.log").read_text()
    assert capfd.readouterr() == ("", "")


def test_random_numbers_differ_from_call_to_call(session, procedure):
    procedure("import numpy, random\ndef main(session): return f'{numpy.random.rand()} {random.random()}'")
    assert len({called(session) for _ in range(3)}) == 3


def test_parallel_calls_have_a_session_each(engine, session, procedure):
    procedure(
        """
from snowflake.snowpark.context import get_active_session
def main(session, n):
    return get_active_session().sql(f"SELECT {n} * 2").collect()[0][0]
""",
        "N NUMBER",
        "NUMBER",
    )
    sessions = [engine.open_session("D", "PUBLIC") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        values = list(pool.map(lambda pair: called(pair[1], f"CALL P({pair[0]})"), enumerate(sessions)))
    assert values == [0, 2, 4, 6, 8, 10]


def test_procedure_calls_itself_and_system_functions_by_call(session, procedure):
    procedure(
        """
def main(session, n):
    return str(n) + (session.call("D.PUBLIC.P", n - 1) if n else session.call("SYSTEM$WAIT", 0))
""",
        "N NUMBER",
    )
    assert called(session, "CALL P(2)") == "210waited 0 seconds"


def test_warm_call_is_quick(session, procedure):
    procedure("def main(session): return 'x'")
    called(session)
    started = time.perf_counter()
    for _ in range(4):
        called(session)
    assert (time.perf_counter() - started) / 4 < 1.0  # a quarter of a second when nothing else runs


@pytest.mark.slow
def test_forked_child_trains_a_model(session):
    """Libraries with threads of their own work in a child whose parent has imported them."""
    session.execute(
        """CREATE OR REPLACE PROCEDURE TRAIN() RETURNS FLOAT LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
        PACKAGES = ('snowflake-snowpark-python', 'xgboost', 'scikit-learn', 'pandas') HANDLER = 'main' AS $$
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from xgboost import XGBClassifier

def main(session):
    frame = pd.DataFrame(np.random.rand(4000, 4), columns=list("abcd"))
    frame["y"] = (frame.a + frame.b > 1).astype(int)
    scaled = MinMaxScaler().fit_transform(frame[list("abcd")])
    model = XGBClassifier(n_estimators=20).fit(scaled, frame.y)
    return float((model.predict(scaled) == frame.y).mean())
$$"""
    )
    assert called(session, "CALL TRAIN()") > 0.9
    assert called(session, "CALL TRAIN()") > 0.9
