-- Project scoring, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS ML;
CREATE SCHEMA IF NOT EXISTS ML.TASKS;
USE SCHEMA ML.TASKS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS ML.TASKS.SCORING SUSPEND;

-- python_tasks/score.py
CREATE OR REPLACE PROCEDURE ML.TASKS.SCORING$SCORE()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core', 'pandas')
  HANDLER = 'neve_handler'
  COMMENT = 'Score each customer. [neve:scoring/local:5348c9534bb2]'
  EXECUTE AS CALLER
AS $$
from __future__ import annotations

def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)


neve_module('scale', 'python_tasks/scale.py', '''"""Helpers that the tasks share."""


def clipped(value, low=0.0, high=1.0):
    return max(low, min(high, value))
''')

from scale import clipped

SOURCE = "CRM.PUBLIC.CUSTOMERS"


def main(session, run):
    scores = session.table(SOURCE).select("id", "score").to_pandas()
    scores["SCORE"] = [clipped(score) for score in scores["SCORE"]]
    session.create_dataframe(scores).write.save_as_table("scores", mode="overwrite")
    return {"rows": len(scores), "threshold": run.config["threshold"]}


import json as _json
from datetime import UTC as _UTC
from datetime import datetime as _datetime

from snowflake.core.task.context import TaskContext as _TaskContext


class NeveRun(_TaskContext):

    def __init__(self, session, run_schema):
        super().__init__(session)
        self._run_schema = run_schema
        self._id = ""

    @property
    def config(self):
        return self.get_task_graph_config() or {}

    @property
    def id(self):
        if not self._id:
            time = "system$task_runtime_info('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::timestamp_ltz"
            text = f"to_char(convert_timezone('UTC', {time}), 'YYYYMMDD_HH24MISS_FF3')"
            self._id = str(self._session.sql(f"select {text}").collect()[0][0])
        return self._id

    @property
    def schema(self):
        return self._run_schema.format(run_id=self.id)

    @property
    def scheduled_at(self):
        return _datetime.strptime(self.id, "%Y%m%d_%H%M%S_%f")

    @property
    def as_of(self):
        written = self.config.get("as_of")
        if not written:
            return self.scheduled_at
        time = _datetime.fromisoformat(str(written))
        return time.astimezone(_UTC).replace(tzinfo=None) if time.tzinfo else time

    def returned(self, task = None):
        text = self.get_predecessor_return_value(task)
        try:
            return _json.loads(text)
        except ValueError:
            return None if text in {"", "None"} else text


def neve_call(
    main, session, run_schema = "", schema = ""
):
    run = NeveRun(session, run_schema)
    if schema:
        _in_task(lambda: session.use_schema(run.schema if schema == "run" else schema))
    value = main(session, run)
    if value is None:
        return None
    text = _json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)
    _in_task(lambda: run.set_return_value(text))
    return text


def _in_task(do):
    try:
        do()
    except Exception as error:
        if "must be called from within a task" not in str(error):
            raise


def neve_handler(session):
    return neve_call(main, session, run_schema='ML.SCORING_{run_id}', schema='run')
$$;

-- project.yml
CREATE OR ALTER TASK ML.TASKS.SCORING
  SCHEDULE = '6 HOURS'
  CONFIG = $${"threshold":0.5}$$
  COMMENT = 'The root of the graph scoring. [neve:scoring/local:890667d31480]'
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'ML.SCORING_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema);
  CALL SYSTEM$SET_RETURN_VALUE(:run_schema);
END;
$$;

-- python_tasks/score.py
CREATE OR ALTER TASK ML.TASKS.SCORING$SCORE
  COMMENT = 'Score each customer. [neve:scoring/local:f9fdf6e7d4cf]'
  AFTER ML.TASKS.SCORING
AS CALL ML.TASKS.SCORING$SCORE();

-- tasks/publish.sql
CREATE OR ALTER TASK ML.TASKS.SCORING$PUBLISH
  COMMENT = 'Keep the scores above the threshold. [neve:scoring/local:d62e67000b47]'
  AFTER ML.TASKS.SCORING$SCORE
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('SCORING$SCORE') <> ''
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'ML.SCORING_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET scores VARCHAR := run_schema || '.SCORES';
create or replace table ML.TASKS.PUBLISHED as
select id, score from IDENTIFIER(:scores) AS scores
where score >= parse_json(system$get_predecessor_return_value('SCORING$SCORE')):threshold::float;
END;
$$;

-- project.yml
CREATE OR ALTER TASK ML.TASKS.SCORING$CLEANUP
  COMMENT = 'Drop the schema of the run after 7 days. [neve:scoring/local:5f04e761e7d8]'
  FINALIZE = ML.TASKS.SCORING
AS EXECUTE IMMEDIATE $$
BEGIN
  LET old CURSOR FOR
    SELECT SCHEMA_NAME FROM ML.INFORMATION_SCHEMA.SCHEMATA
    WHERE REGEXP_LIKE(SCHEMA_NAME, 'SCORING_[0-9]{8}_[0-9]{6}_[0-9]{3}') AND SCHEMA_NAME < 'SCORING_' || TO_CHAR(CONVERT_TIMEZONE('UTC', DATEADD(day, -7, CURRENT_TIMESTAMP())), 'YYYYMMDD_HH24MISS_FF3');
  FOR found IN old DO
    LET name VARCHAR := 'ML."' || found.SCHEMA_NAME || '"';
    DROP SCHEMA IF EXISTS IDENTIFIER(:name);
  END FOR;
END;
$$;

-- Resume: children first, roots last
ALTER TASK ML.TASKS.SCORING$CLEANUP RESUME;
ALTER TASK ML.TASKS.SCORING$SCORE RESUME;
ALTER TASK ML.TASKS.SCORING$PUBLISH RESUME;
ALTER TASK ML.TASKS.SCORING RESUME;
