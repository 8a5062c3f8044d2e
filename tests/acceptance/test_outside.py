"""Clients of Snowflake's reach the engine with what `neve engine connection` prints, and nobody else does."""

import os
import socket
import stat

import pytest
import snowflake.connector

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def given(night):
    return night.connection()


def test_printed_arguments_are_the_connectors(given):
    assert list(given) == ["host", "port", "protocol", "account", "user", "password"]
    assert (given["host"], given["protocol"]) == ("127.0.0.1", "http")


def test_plain_client_runs_statements_and_graphs(night, given):
    with snowflake.connector.connect(**given, database="NIGHTS", schema="JOBS") as connection:
        cursor = connection.cursor()
        assert cursor.execute("SELECT %s + 1, CURRENT_SCHEMA()", (41,)).fetchall() == [(42, "JOBS")]
        assert len(cursor.execute("SHOW TASKS").fetchall()) == 5
        cursor.execute("EXECUTE TASK NIGHTLY")
        history = "SELECT STATE FROM TABLE(INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS(ROOT_TASK_NAME => 'NIGHTLY'))"
        night.wait_for(lambda: cursor.execute(history).fetchall())
        assert cursor.execute(history).fetchone() == ("SUCCEEDED",)
    (run, *_) = night.json("runs")["runs"]
    assert run["state"] == "SUCCEEDED"


def test_snowpark_session_reads_and_writes(given):
    from snowflake.snowpark import Session
    from snowflake.snowpark.functions import col
    from snowflake.snowpark.functions import sum as sum_

    with Session.builder.configs({**given, "database": "NIGHTS", "schema": "JOBS"}).create() as session:
        session.create_dataframe([("Ada", 1.5), ("Grace", 2.0), ("Ada", 3.0)], ["who", "hours"]).write.save_as_table(
            "slept", mode="overwrite"
        )
        slept = session.table("slept").group_by("who").agg(sum_("hours").alias("hours")).sort(col("hours").desc())
        assert [tuple(row) for row in slept.collect()] == [("Ada", 4.5), ("Grace", 2.0)]


def test_pandas_in_and_out(given):
    import pandas as pd
    from snowflake.connector.pandas_tools import write_pandas

    frame = pd.DataFrame({"N": [1, 2, 3], "WORD": ["a", None, "ü"]})
    with snowflake.connector.connect(**given, database="NIGHTS", schema="JOBS") as connection:
        assert write_pandas(connection, frame, "FRAMED", auto_create_table=True, overwrite=True)[:3] == (True, 1, 3)
        back = connection.cursor().execute("SELECT * FROM FRAMED ORDER BY N").fetch_pandas_all()
    assert back["N"].tolist() == [1, 2, 3]
    assert back["WORD"].fillna("?").tolist() == ["a", "?", "ü"]


@pytest.mark.parametrize("wrong", [{"password": "guess"}, {"user": "somebody"}, {"password": ""}])
def test_who_does_not_know_the_password_stays_out(given, wrong):
    with pytest.raises(snowflake.connector.errors.Error) as refused:
        snowflake.connector.connect(**{**given, **wrong}, login_timeout=5)
    assert given["password"] not in str(refused.value)


def test_without_a_session_there_is_no_statement(given):
    import http.client

    asked = http.client.HTTPConnection(given["host"], given["port"], timeout=10)
    asked.request("POST", "/queries/v1/query-request", '{"sqlText": "SELECT 42"}', {"Content-Type": "application/json"})
    answer = asked.getresponse().read().decode()
    asked.close()
    assert '"success": true' not in answer
    assert "42" not in answer.replace("SELECT 42", "")


def test_engine_listens_on_loopback_only(given):
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in others | {"127.0.0.2"}:
        with socket.socket() as knock:
            knock.settimeout(2)
            assert knock.connect_ex((address, given["port"])) != 0, address


def test_password_is_told_by_one_verb_and_kept_in_one_file(night, given):
    said = [
        night.type(*words)
        for words in (
            ("engine", "start"),
            ("engine", "status"),
            ("engine", "status", "--output", "json"),
            ("debug",),
            ("apply",),
            ("run", "nightly", "--output", "json"),
            ("runs",),
            ("deployments",),
        )
    ]
    assert not [done.args for done in said if given["password"] in done.stdout + done.stderr]
    keepers = [
        path for path in night.root.rglob("*") if path.is_file() and given["password"].encode() in path.read_bytes()
    ]
    assert [path.name for path in keepers] == ["engine.json"]
    assert stat.S_IMODE(keepers[0].stat().st_mode) == 0o600


def test_password_is_in_nobodys_arguments_or_environment(night, given):
    pid = night.json("engine", "status")["pid"]
    for part in ("cmdline", "environ"):
        path = f"/proc/{pid}/{part}"
        if os.path.exists(path):  # noqa: PTH110
            with open(path, "rb") as file:  # noqa: PTH123
                assert given["password"].encode() not in file.read()


def test_log_tells_of_no_secret(night, given):
    with snowflake.connector.connect(**given) as connection, pytest.raises(snowflake.connector.errors.ProgrammingError):
        connection.cursor().execute("SELEC hunter2x")
    log = (night.root / ".neve/engine/engine.log").read_text(errors="replace")
    assert given["password"] not in log
