-- Project training, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS LAB;
CREATE SCHEMA IF NOT EXISTS LAB.RUNS;
USE SCHEMA LAB.RUNS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS LAB.RUNS.TRAINING SUSPEND;

-- python_tasks/fit.py
CREATE OR REPLACE PROCEDURE LAB.RUNS.TRAINING$FIT()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.12'
  PACKAGES = ('snowflake-snowpark-python', 'scikit-learn==1.6.1', 'snowflake.core')
  HANDLER = 'neve_handler'
  COMMENT = 'Fit a line. [neve:training/local:38df77d6050b]'
  EXECUTE AS CALLER
AS $$
from __future__ import annotations

def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)


neve_module('tables', 'python_tasks/tables.py', """POINTS = "clean_points"


def load(session):
    return session.table("test")
""")

neve_module('shapes', 'python_tasks/shapes.py', 'import tables\n\n\ndef of(line):\n    r"""A docstring with \\d in it, and \'\'\' in it."""\n    return [[tables.POINTS, line.coef_[0]]]\n')

import shapes
from sklearn.linear_model import LinearRegression
from tables import POINTS, load

TRAIN = "train"


def main(session, run):
    rows = session.table(TRAIN).to_pandas()
    extra = session.sql(f"select * from {POINTS} join LAB.RAW.POINTS p using (x) where x > {run.config['rows']}")
    line = LinearRegression().fit(rows[["X"]], rows["Y"])
    session.create_dataframe(shapes.of(line)).write.mode("append").save_as_table("lines")
    return {"slope": line.coef_[0], "extra": extra.count(), "all": load(session).count()}


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
    return neve_call(main, session, run_schema='LAB.RUN_{run_id}', schema='run')
$$;

-- python_tasks/judge.py
CREATE OR REPLACE PROCEDURE LAB.RUNS.TRAINING$JUDGE()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core')
  HANDLER = 'neve_handler'
  COMMENT = '[neve:training/local:f53056da665b]'
  EXECUTE AS CALLER
AS $$
def main(session, run):
    slope = run.returned("fit")["slope"]
    session.sql("delete from lines where slope < 0").collect()
    if slope > 1:
        return "keep"
    return "drop"


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
    return neve_call(main, session, run_schema='LAB.RUN_{run_id}', schema='run')
$$;

-- project.yml
CREATE OR ALTER TASK LAB.RUNS.TRAINING
  SCHEDULE = '24 HOURS'
  CONFIG = $${"rows":100,"table":"points","nested":{"a":[1,2]}}$$
  USER_TASK_TIMEOUT_MS = 3600000
  COMMENT = 'The root of the graph training. [neve:training/local:2d77430eafba]'
  TASK_AUTO_RETRY_ATTEMPTS = 2
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema);
  CALL SYSTEM$SET_RETURN_VALUE(:run_schema);
END;
$$;

-- models/clean_points.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$CLEAN_POINTS
  COMMENT = '[neve:training/local:d9b1b7b31f65]'
  AFTER LAB.RUNS.TRAINING
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET clean_points VARCHAR := run_schema || '.CLEAN_POINTS';
CREATE OR REPLACE TABLE IDENTIFIER(:clean_points) AS
select points.x, points.y from LAB.RAW.POINTS where points.x is not null;
END;
$$;

-- models/near_points.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$NEAR_POINTS
  COMMENT = '[neve:training/local:0c29c5f039e5]'
  AFTER LAB.RUNS.TRAINING$CLEAN_POINTS
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET near_points VARCHAR := run_schema || '.NEAR_POINTS';
  LET clean_points VARCHAR := run_schema || '.CLEAN_POINTS';
CREATE OR REPLACE VIEW IDENTIFIER(:near_points) AS
select * from CLEAN_POINTS where x < 1;
END;
$$;

-- tasks/split.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$SPLIT
  COMMENT = '[neve:training/local:57d46b64f3c6]'
  AFTER LAB.RUNS.TRAINING$CLEAN_POINTS
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET train VARCHAR := run_schema || '.TRAIN';
  LET clean_points VARCHAR := run_schema || '.CLEAN_POINTS';
  LET test VARCHAR := run_schema || '.TEST';
create or replace table IDENTIFIER(:train) as
select * from IDENTIFIER(:clean_points) AS clean_points sample (80) seed (1);
create or replace table IDENTIFIER(:test) as select * from IDENTIFIER(:clean_points) AS clean_points
minus select * from IDENTIFIER(:train) AS train;
END;
$$;

-- models/averages.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$AVERAGES
  COMMENT = '[neve:training/local:b1f3ec42e52d]'
  AFTER LAB.RUNS.TRAINING$NEAR_POINTS
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET averages VARCHAR := run_schema || '.AVERAGES';
  LET averages__new VARCHAR := run_schema || '.AVERAGES__NEW';
  LET near_points VARCHAR := run_schema || '.NEAR_POINTS';
CREATE TABLE IF NOT EXISTS IDENTIFIER(:averages) AS
SELECT * FROM (
select x, avg(y) as y from IDENTIFIER(:near_points) AS near_points group by x
) LIMIT 0;
CREATE OR REPLACE TEMPORARY TABLE IDENTIFIER(:averages__new) AS
select x, avg(y) as y from IDENTIFIER(:near_points) AS near_points group by x;
BEGIN TRANSACTION;
DELETE FROM IDENTIFIER(:averages) WHERE (x) IN (SELECT x FROM IDENTIFIER(:averages__new));
INSERT INTO IDENTIFIER(:averages) SELECT * FROM IDENTIFIER(:averages__new);
COMMIT;
END;
$$;

-- python_tasks/fit.py
CREATE OR ALTER TASK LAB.RUNS.TRAINING$FIT
  COMMENT = 'Fit a line. [neve:training/local:9e05826515d8]'
  AFTER LAB.RUNS.TRAINING$SPLIT
AS CALL LAB.RUNS.TRAINING$FIT();

-- python_tasks/judge.py
CREATE OR ALTER TASK LAB.RUNS.TRAINING$JUDGE
  COMMENT = '[neve:training/local:ea2997437611]'
  AFTER LAB.RUNS.TRAINING$FIT
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('TRAINING$FIT') <> ''
AS CALL LAB.RUNS.TRAINING$JUDGE();

-- tasks/drop_lines.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$DROP_LINES
  COMMENT = '[neve:training/local:20cb8fde799c]'
  AFTER LAB.RUNS.TRAINING$JUDGE
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('TRAINING$JUDGE') = 'drop'
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET lines VARCHAR := run_schema || '.LINES';
truncate table if exists IDENTIFIER(:lines);
END;
$$;

-- tasks/keep.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$KEEP
  COMMENT = '[neve:training/local:1aebf0096b31]'
  AFTER LAB.RUNS.TRAINING$JUDGE
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('TRAINING$JUDGE') = 'keep' and SYSTEM$GET_PREDECESSOR_RETURN_VALUE('TRAINING$FIT') <> 'x'
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET lines VARCHAR := run_schema || '.LINES';
insert into LAB.RUNS.KEPT_LINES select * from IDENTIFIER(:lines) AS lines;
END;
$$;

-- tasks/report.sql
CREATE OR ALTER TASK LAB.RUNS.TRAINING$REPORT
  COMMENT = 'Whichever way it went. [neve:training/local:937868178106]'
  AFTER LAB.RUNS.TRAINING$DROP_LINES, LAB.RUNS.TRAINING$FIT, LAB.RUNS.TRAINING$JUDGE, LAB.RUNS.TRAINING$KEEP, LAB.RUNS.TRAINING$NEAR_POINTS
  WHEN SYSTEM$PREDECESSORS_STATE('NONE_FAILED_MIN_ONE_SUCCEEDED')
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET lines VARCHAR := run_schema || '.LINES';
  LET near_points VARCHAR := run_schema || '.NEAR_POINTS';
begin
  let found integer := (select count(*) from IDENTIFIER(:lines) AS lines);
  let lines_seen integer := found + (select count(*) from IDENTIFIER(:near_points) AS near_points);
  if (found > 0) then
    call system$set_return_value(:lines_seen::varchar);
  end if;
end;
END;
$$;

-- project.yml
CREATE OR ALTER TASK LAB.RUNS.TRAINING$CLEANUP
  COMMENT = 'Drop the schema of the run once it succeeded. [neve:training/local:a8e4d15248cc]'
  FINALIZE = LAB.RUNS.TRAINING
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'LAB.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET root_task VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_ROOT_TASK_UUID'));
  LET run_group VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_RUN_GROUP_ID'));
  LET failures INTEGER := (
    SELECT COUNT_IF(STATE IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED'))
    FROM (
      SELECT STATE
      FROM TABLE(LAB.INFORMATION_SCHEMA.TASK_HISTORY(ROOT_TASK_ID => :root_task, RESULT_LIMIT => 10000))
      WHERE GRAPH_RUN_GROUP_ID = :run_group
      QUALIFY ATTEMPT_NUMBER = MAX(ATTEMPT_NUMBER) OVER ()
    )
  );
  IF (failures = 0) THEN
    DROP SCHEMA IF EXISTS IDENTIFIER(:run_schema);
  END IF;
END;
$$;

-- Resume: children first, roots last
ALTER TASK LAB.RUNS.TRAINING$CLEANUP RESUME;
ALTER TASK LAB.RUNS.TRAINING$CLEAN_POINTS RESUME;
ALTER TASK LAB.RUNS.TRAINING$NEAR_POINTS RESUME;
ALTER TASK LAB.RUNS.TRAINING$SPLIT RESUME;
ALTER TASK LAB.RUNS.TRAINING$AVERAGES RESUME;
ALTER TASK LAB.RUNS.TRAINING$FIT RESUME;
ALTER TASK LAB.RUNS.TRAINING$JUDGE RESUME;
ALTER TASK LAB.RUNS.TRAINING$DROP_LINES RESUME;
ALTER TASK LAB.RUNS.TRAINING$KEEP RESUME;
ALTER TASK LAB.RUNS.TRAINING$REPORT RESUME;
ALTER TASK LAB.RUNS.TRAINING RESUME;
