-- Project fraud_detection, target dev.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS DEV_DAG_RUNS;
CREATE SCHEMA IF NOT EXISTS DEV_DAG_RUNS.SCHEDULED_RUNS;
USE SCHEMA DEV_DAG_RUNS.SCHEDULED_RUNS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING SUSPEND;

-- python_tasks/setup.py
CREATE OR REPLACE PROCEDURE DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SETUP()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core')
  HANDLER = 'neve_handler'
  COMMENT = 'The days to train on, up to the scheduled time or the config''s as_of, and the name of the model version to make. [neve:fraud_detection/dev:ba929fc02731]'
  EXECUTE AS CALLER
AS $$
from datetime import timedelta


def main(session, run):
    start = run.as_of - timedelta(days=run.config["window_days"])
    return {"from": f"{start:%Y-%m-%d %H:%M:%S}", "to": f"{run.as_of:%Y-%m-%d %H:%M:%S}", "version": f"v{run.id}"}


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
    return neve_call(main, session, run_schema='DEV_DAG_RUNS.RUN_{run_id}', schema='run')
$$;

-- python_tasks/feature_eng.py
CREATE OR REPLACE PROCEDURE DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$FEATURE_ENG()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core', 'snowflake-ml-python')
  HANDLER = 'neve_handler'
  COMMENT = 'Scale the numbers to the range from 0 to 1, in the warehouse. [neve:fraud_detection/dev:8abf813e4842]'
  EXECUTE AS CALLER
AS $$
def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)


neve_module('fraud_features', 'python_tasks/fraud_features.py', '''"""What the Python tasks share: the columns, the model's name, the way to the registry."""

SCALED = ["LIMIT_USED", "DAILY_COUNT", "HOUR_OF_DAY"]
FEATURES = [*SCALED, "PREFERRED"]
LABEL = "ISFRAUD"
PREDICTION = "PREDICTED_FRAUD"
MODEL = "FRAUD_DETECTION_XGB"


def registry(session, run):
    """The model registry beside the task graph: models outlive the schema of the run that made them."""
    from snowflake.ml.registry import Registry

    database, schema, _ = run.get_current_root_task_name().split(".")
    return Registry(session, database_name=database, schema_name=schema)
''')

from fraud_features import SCALED
from snowflake.ml.modeling.preprocessing import MinMaxScaler


def main(session, run):
    transactions = session.table("transactions")
    scaler = MinMaxScaler(input_cols=SCALED, output_cols=SCALED).fit(transactions)
    scaler.transform(transactions).write.save_as_table("features", mode="overwrite")
    return f"{run.schema}.FEATURES"


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
    return neve_call(main, session, run_schema='DEV_DAG_RUNS.RUN_{run_id}', schema='run')
$$;

-- python_tasks/train.py
CREATE OR REPLACE PROCEDURE DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRAIN()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core', 'snowflake-ml-python', 'xgboost')
  HANDLER = 'neve_handler'
  COMMENT = 'Train the fraud model on the training split and log it in the registry. [neve:fraud_detection/dev:5f6c3a2ab864]'
  EXECUTE AS CALLER
AS $$
def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)


neve_module('fraud_features', 'python_tasks/fraud_features.py', '''"""What the Python tasks share: the columns, the model's name, the way to the registry."""

SCALED = ["LIMIT_USED", "DAILY_COUNT", "HOUR_OF_DAY"]
FEATURES = [*SCALED, "PREFERRED"]
LABEL = "ISFRAUD"
PREDICTION = "PREDICTED_FRAUD"
MODEL = "FRAUD_DETECTION_XGB"


def registry(session, run):
    """The model registry beside the task graph: models outlive the schema of the run that made them."""
    from snowflake.ml.registry import Registry

    database, schema, _ = run.get_current_root_task_name().split(".")
    return Registry(session, database_name=database, schema_name=schema)
''')

from fraud_features import FEATURES, LABEL, MODEL, PREDICTION, registry
from snowflake.ml.modeling.xgboost import XGBClassifier


def main(session, run):
    rows = session.table("training_data").sort("transactionid").to_pandas()  # the same order, the same model
    if len(rows) < run.config["min_training_rows"]:
        raise ValueError(
            f"{len(rows)} transactions to train on, fewer than min_training_rows, {run.config['min_training_rows']}: "
            "look whether the window of `setup` reaches days without data, or run with a lower min_training_rows"
        )
    classifier = XGBClassifier(
        input_cols=FEATURES,
        label_cols=[LABEL],
        output_cols=[PREDICTION],
        n_estimators=100,
        max_depth=4,
        random_state=42,
    )
    # The last act: a run that failed before it left no version behind, so its retry can make one.
    registry(session, run).log_model(
        classifier.fit(rows),
        model_name=MODEL,
        version_name=run.returned("setup")["version"],
        comment=f"Trained on {len(rows)} transactions",
        target_platforms=["WAREHOUSE"],
        options={"relax_version": True},
    )


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
    return neve_call(main, session, run_schema='DEV_DAG_RUNS.RUN_{run_id}', schema='run')
$$;

-- python_tasks/evaluate.py
CREATE OR REPLACE PROCEDURE DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$EVALUATE()
  RETURNS VARCHAR
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python', 'snowflake.core', 'snowflake-ml-python', 'scikit-learn')
  HANDLER = 'neve_handler'
  COMMENT = 'Judge the model by the transactions it has not seen, and keep accuracy and F1 with its version. [neve:fraud_detection/dev:0e188bc8707f]'
  EXECUTE AS CALLER
AS $$
def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)


neve_module('fraud_features', 'python_tasks/fraud_features.py', '''"""What the Python tasks share: the columns, the model's name, the way to the registry."""

SCALED = ["LIMIT_USED", "DAILY_COUNT", "HOUR_OF_DAY"]
FEATURES = [*SCALED, "PREFERRED"]
LABEL = "ISFRAUD"
PREDICTION = "PREDICTED_FRAUD"
MODEL = "FRAUD_DETECTION_XGB"


def registry(session, run):
    """The model registry beside the task graph: models outlive the schema of the run that made them."""
    from snowflake.ml.registry import Registry

    database, schema, _ = run.get_current_root_task_name().split(".")
    return Registry(session, database_name=database, schema_name=schema)
''')

from fraud_features import LABEL, MODEL, PREDICTION, registry
from sklearn.metrics import accuracy_score, f1_score


def main(session, run):
    version = registry(session, run).get_model(MODEL).version(run.returned("setup")["version"])
    judged = version.run(session.table("test_data"), function_name="predict").to_pandas()
    accuracy = accuracy_score(judged[LABEL], judged[PREDICTION])
    version.set_metric("accuracy", round(accuracy, 6))
    version.set_metric("f1", round(f1_score(judged[LABEL], judged[PREDICTION]), 6))
    return round(accuracy, 6)


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
    return neve_call(main, session, run_schema='DEV_DAG_RUNS.RUN_{run_id}', schema='run')
$$;

-- project.yml
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING
  SCHEDULE = '24 HOURS'
  CONFIG = $${"window_days":7,"min_accuracy":0.95,"min_training_rows":5000,"as_of":"2024-03-11 00:00:00"}$$
  COMMENT = 'The root of the graph daily_training. [neve:fraud_detection/dev:ecc2eeed7637]'
  TASK_AUTO_RETRY_ATTEMPTS = 0
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'DEV_DAG_RUNS.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema);
  CALL SYSTEM$SET_RETURN_VALUE(:run_schema);
END;
$$;

-- python_tasks/setup.py
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SETUP
  COMMENT = 'The days to train on, up to the scheduled time or the config''s as_of, and the name of the model version to make. [neve:fraud_detection/dev:8698f7011851]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING
AS CALL DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SETUP();

-- models/transactions.sql
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRANSACTIONS
  COMMENT = 'The window''s transactions with what is known of their senders: the share of the limit used, how many they sent that day, the hour, the preferred flag, the country of birth. [neve:fraud_detection/dev:e8cc829b9f1c]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SETUP
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'DEV_DAG_RUNS.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET transactions VARCHAR := run_schema || '.TRANSACTIONS';
CREATE OR REPLACE TABLE IDENTIFIER(:transactions) AS
select
  t.transactionid,
  t.isfraud,
  (t.amount / sender.transaction_limit)::float as limit_used,
  (count(*) over (partition by t.senderid, t.time::date))::float as daily_count,
  date_part(hour, t.time)::float as hour_of_day,
  iff(c.c_preferred_cust_flag = 'Y', 1, 0)::float as preferred,
  iff(c.c_birth_country = 'GERMANY', 1, 0)::float as born_germany,
  iff(c.c_birth_country = 'FRANCE', 1, 0)::float as born_france,
  iff(c.c_birth_country = 'ITALY', 1, 0)::float as born_italy,
  iff(c.c_birth_country = 'SPAIN', 1, 0)::float as born_spain,
  iff(c.c_birth_country = 'POLAND', 1, 0)::float as born_poland,
  iff(c.c_birth_country = 'NETHERLANDS', 1, 0)::float as born_netherlands,
  iff(c.c_birth_country = 'SWEDEN', 1, 0)::float as born_sweden,
  iff(c.c_birth_country = 'PORTUGAL', 1, 0)::float as born_portugal
from TPCXAI_SF0003_INC.TRAINING.FINANCIAL_TRANSACTIONS t
join TPCXAI_SF0003_INC.TRAINING.FINANCIAL_ACCOUNT sender on sender.fa_customer_sk = t.senderid
join TPCXAI_SF0003_INC.TRAINING.FINANCIAL_ACCOUNT receiver on receiver.fa_customer_sk = t.receiverid
left join TPCXAI_SF0003_INC.TRAINING.CUSTOMER c on c.c_customer_sk = t.senderid
where t.time >= parse_json(system$get_predecessor_return_value('DAILY_TRAINING$SETUP')):"from"::timestamp_ntz
  and t.time < parse_json(system$get_predecessor_return_value('DAILY_TRAINING$SETUP')):"to"::timestamp_ntz;
END;
$$;

-- python_tasks/feature_eng.py
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$FEATURE_ENG
  COMMENT = 'Scale the numbers to the range from 0 to 1, in the warehouse. [neve:fraud_detection/dev:1895f14ea4df]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRANSACTIONS
AS CALL DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$FEATURE_ENG();

-- tasks/split_data.sql
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SPLIT_DATA
  COMMENT = 'Deal the features into two tables that share no row: four fifths to train on, the rest to judge by. [neve:fraud_detection/dev:c53c3f318419]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$FEATURE_ENG
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'DEV_DAG_RUNS.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET training_data VARCHAR := run_schema || '.TRAINING_DATA';
  LET features VARCHAR := run_schema || '.FEATURES';
  LET test_data VARCHAR := run_schema || '.TEST_DATA';
create or replace table IDENTIFIER(:training_data) as
select * from IDENTIFIER(:features) AS features where left(md5('42:' || transactionid), 4) < 'cccc';
create or replace table IDENTIFIER(:test_data) as
select * from IDENTIFIER(:features) AS features where not (left(md5('42:' || transactionid), 4) < 'cccc');
call system$set_return_value('{"training": "TRAINING_DATA", "test": "TEST_DATA"}');
END;
$$;

-- python_tasks/train.py
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRAIN
  COMMENT = 'Train the fraud model on the training split and log it in the registry. [neve:fraud_detection/dev:5c0d569d8d78]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SPLIT_DATA
AS CALL DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRAIN();

-- python_tasks/evaluate.py
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$EVALUATE
  COMMENT = 'Judge the model by the transactions it has not seen, and keep accuracy and F1 with its version. [neve:fraud_detection/dev:648fce469a41]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRAIN
AS CALL DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$EVALUATE();

-- tasks/check_accuracy.sql
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$CHECK_ACCURACY
  COMMENT = 'The branch: name the task to go on with, by whether the accuracy is above the graph''s min_accuracy. [neve:fraud_detection/dev:8972b68f9028]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$EVALUATE
AS EXECUTE IMMEDIATE $$
begin
  let accuracy float := (select system$get_predecessor_return_value('DAILY_TRAINING$EVALUATE')::float);
  let wanted float := (select system$get_task_graph_config('min_accuracy')::float);
  let successor varchar := iff(accuracy > wanted, 'mark_model_golden', 'keep_the_golden_model');
  call system$set_return_value(:successor);
end;
$$;

-- tasks/mark_model_golden.sql
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$MARK_MODEL_GOLDEN
  COMMENT = 'Make this run''s version the default one: whoever asks for the model without a version gets it. [neve:fraud_detection/dev:c9379c8036a5]'
  AFTER DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$CHECK_ACCURACY
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('DAILY_TRAINING$CHECK_ACCURACY') = 'mark_model_golden'
AS EXECUTE IMMEDIATE $$
begin
  let version varchar := (select parse_json(system$get_predecessor_return_value('DAILY_TRAINING$SETUP')):version::varchar);
  let statement varchar := 'alter model fraud_detection_xgb set default_version = ' || version;
  execute immediate :statement;
  call system$set_return_value(:version);
end;
$$;

-- project.yml
CREATE OR ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$CLEANUP
  COMMENT = 'Drop the schema of the run once it succeeded. [neve:fraud_detection/dev:bcbc4c3c7178]'
  FINALIZE = DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'DEV_DAG_RUNS.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET root_task VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_ROOT_TASK_UUID'));
  LET run_group VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_RUN_GROUP_ID'));
  LET failures INTEGER := (
    SELECT COUNT_IF(STATE IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED'))
    FROM (
      SELECT STATE
      FROM TABLE(DEV_DAG_RUNS.INFORMATION_SCHEMA.TASK_HISTORY(ROOT_TASK_ID => :root_task, RESULT_LIMIT => 10000))
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
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$CLEANUP RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SETUP RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRANSACTIONS RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$FEATURE_ENG RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$SPLIT_DATA RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$TRAIN RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$EVALUATE RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$CHECK_ACCURACY RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING$MARK_MODEL_GOLDEN RESUME;
ALTER TASK DEV_DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING RESUME;
