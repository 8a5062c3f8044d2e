"""Graphs as published scripts build them: finalizers that report, checks that branch, a condition before options."""

import json

import pytest
from tests.local.tasks.conftest import OK

pytestmark = [pytest.mark.engine, pytest.mark.fact("1.1", "3.5", "4.1")]

SUMMARY = """
CREATE FUNCTION run_summary(root VARCHAR, since TIMESTAMP_LTZ) RETURNS STRING AS
$$
  (SELECT ARRAY_AGG(OBJECT_CONSTRUCT('task', name, 'took', took)) WITHIN GROUP (ORDER BY name)
   FROM (SELECT name, CONCAT(TIMESTAMPDIFF('days', query_start_time, completed_time), ' d') AS took
         FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(
           ROOT_TASK_ID => root::STRING, SCHEDULED_TIME_RANGE_START => since,
           SCHEDULED_TIME_RANGE_END => CURRENT_TIMESTAMP())) WHERE state = 'SUCCEEDED'))::STRING
$$
"""
REPORT = """
DECLARE
  root STRING;
  since TIMESTAMP_LTZ;
  summary STRING;
BEGIN
  root := (CALL SYSTEM$TASK_RUNTIME_INFO('CURRENT_ROOT_TASK_UUID'));
  since := (CALL SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP'));
  summary := (SELECT run_summary(:root, :since));
  CALL SYSTEM$SEND_EMAIL('mail', 'on@call', 'how it went', :summary, 'text/html');
  CALL SYSTEM$SET_RETURN_VALUE('sent');
END
"""


def test_a_finalizer_mails_what_its_graph_did(sql):
    sql("CREATE OR REPLACE NOTIFICATION INTEGRATION mail TYPE = EMAIL ENABLED = TRUE", SUMMARY)
    sql.graph(f"r AS {OK}", f"a AFTER r AS {OK}", f"f FINALIZE = r AS {REPORT}")
    assert sql.run() == {"R": "SUCCEEDED", "A": "SUCCEEDED", "F": "SUCCEEDED"}, sql.row("F")["ERROR_MESSAGE"]
    assert sql.row("F")["RETURN_VALUE"] == "sent"
    last = (sql.engine.state / "notifications.jsonl").read_text().splitlines()[-1]
    summary = json.dumps([{"task": name, "took": "0 d"} for name in "AR"], separators=(",", ":"))
    email = {"recipients": "on@call", "subject": "how it went", "text": summary, "type": "text/html"}
    assert json.loads(last) == {"integration": "mail", "email": email}


NOTIFICATION = """
BEGIN
  LET n INT := 3;
  CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
    SNOWFLAKE.NOTIFICATION.TEXT_HTML('<b>' || :n || '</b> rows'),
    SNOWFLAKE.NOTIFICATION.EMAIL_INTEGRATION_CONFIG('mail', 'how it went', ARRAY_CONSTRUCT('on@call')));
  CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
    ARRAY_CONSTRUCT(
      SNOWFLAKE.NOTIFICATION.TEXT_PLAIN(SNOWFLAKE.NOTIFICATION.SANITIZE_WEBHOOK_CONTENT('text')),
      SNOWFLAKE.NOTIFICATION.APPLICATION_JSON('{}')),
    ARRAY_CONSTRUCT(SNOWFLAKE.NOTIFICATION.INTEGRATION('queue'), SNOWFLAKE.NOTIFICATION.INTEGRATION('hook')));
END
"""


def test_a_task_notifies_integrations(sql):
    sql.graph(f"r AS {NOTIFICATION}")
    assert sql.run() == {"R": "SUCCEEDED"}, sql.row("R")["ERROR_MESSAGE"]
    lines = map(json.loads, (sql.engine.state / "notifications.jsonl").read_text().splitlines()[-3:])
    plain = [{"text/plain": "text"}, {"application/json": "{}"}]
    email = {"messages": [{"text/html": "<b>3</b> rows"}], "subject": "how it went", "toAddress": ["on@call"]}
    assert list(lines) == [
        {"integration": "mail", "notification": email},
        {"integration": "queue", "notification": {"messages": plain}},
        {"integration": "hook", "notification": {"messages": plain}},
    ]


CHECK = """
EXECUTE IMMEDIATE $$
DECLARE
  bad INT;
BEGIN
  IF (SYSTEM$STREAM_HAS_DATA('arrived')) THEN
    WITH checked AS (SELECT IFF(value:score IS NULL, 1, 0) AS missing FROM answers)
    SELECT COUNT(*) INTO bad FROM checked WHERE missing > 0;
    SYSTEM$LOG('info', 'without a score: ' || bad);
    CALL SYSTEM$SET_RETURN_VALUE(IFF(:bad > 0, 'FAILED', 'SUCCESS'));
  ELSE
    CALL SYSTEM$SET_RETURN_VALUE('NO_DATA');
  END IF;
END;
$$"""


def test_a_check_branches_by_its_return_value(sql):
    sql("CREATE TABLE answers (value VARIANT)", "CREATE STREAM arrived ON TABLE answers")
    sql.graph(
        f"r AS {CHECK}",
        f"good AFTER r WHEN (SYSTEM$GET_PREDECESSOR_RETURN_VALUE() = 'SUCCESS') AS {OK}",
        f"bad AFTER r WHEN (SYSTEM$GET_PREDECESSOR_RETURN_VALUE() = 'FAILED') AS {OK}",
    )
    assert sql.run() == {"R": "SUCCEEDED", "GOOD": "SKIPPED", "BAD": "SKIPPED"}
    assert sql.row("R")["RETURN_VALUE"] == "NO_DATA"
    sql("""INSERT INTO answers SELECT PARSE_JSON('{"score": 3}')""")
    assert sql.run() == {"R": "SUCCEEDED", "GOOD": "SUCCEEDED", "BAD": "SKIPPED"}
    sql("INSERT INTO answers SELECT PARSE_JSON('{}')")
    assert sql.run() == {"R": "SUCCEEDED", "GOOD": "SKIPPED", "BAD": "SUCCEEDED"}


def test_a_condition_before_the_warehouse(sql):
    sql("CREATE TABLE a (x INT)", "CREATE STREAM s ON TABLE a", "INSERT INTO a VALUES (1)")
    sql("""CREATE TASK r
             WHEN SYSTEM$STREAM_HAS_DATA('s')
             OR   SYSTEM$STREAM_HAS_DATA('s')
             WAREHOUSE = w
           AS SELECT CURRENT_TIMESTAMP""")
    assert (sql.shown("R", "warehouse"), sql.run()) == ("W", {"R": "SUCCEEDED"})
