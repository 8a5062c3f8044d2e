"""The finalizer that `cleanup:` asks for: it drops the schema of the run, or those of runs long gone."""

import re

from neve.emit.bodies import block, declare_run_schema
from neve.ir import GraphSettings, Project
from neve.names import quote_identifier, quote_string
from neve.nodes import around_run_id

_SPAN = re.compile(r"(\d+) (second|minute|hour|day|week)s?")
_INFO = "SYSTEM$TASK_RUNTIME_INFO"
_DROP = "DROP SCHEMA IF EXISTS IDENTIFIER(:run_schema)"


def finalizer_body(settings: GraphSettings, project: Project) -> str:
    """The body for a graph's cleanup policy: `always`, `on_success`, or an age such as "7 days"."""
    policy = str(settings.cleanup.data if settings.cleanup else "never")
    if policy == "always":
        return block([declare_run_schema(settings, project), _DROP])
    if policy == "on_success":
        return block([declare_run_schema(settings, project), *_failures(project), _IF_NONE])
    return block(_aged(settings, project, policy))


_IF_NONE = f"""IF (failures = 0) THEN
    {_DROP};
  END IF"""


def _failures(project: Project) -> list[str]:
    """How many tasks of the run's latest attempt failed or were cancelled (fact sheet 3.5, 3.7)."""
    database = quote_identifier(project.target.database)
    return [
        f"LET root_task VARCHAR := (SELECT {_INFO}('CURRENT_ROOT_TASK_UUID'))",
        f"LET run_group VARCHAR := (SELECT {_INFO}('CURRENT_TASK_GRAPH_RUN_GROUP_ID'))",
        f"""LET failures INTEGER := (
    SELECT COUNT_IF(STATE IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED'))
    FROM (
      SELECT STATE
      FROM TABLE({database}.INFORMATION_SCHEMA.TASK_HISTORY(ROOT_TASK_ID => :root_task, RESULT_LIMIT => 10000))
      WHERE GRAPH_RUN_GROUP_ID = :run_group
      QUALIFY ATTEMPT_NUMBER = MAX(ATTEMPT_NUMBER) OVER ()
    )
  )""",
    ]


def _aged(settings: GraphSettings, project: Project, policy: str) -> list[str]:
    """The names of the runs' schemas sort like their times, so the text of the name says how old it is."""
    found = _SPAN.fullmatch(policy)
    if found is None:
        raise ValueError(f"no cleanup policy: {policy}")
    database = quote_identifier(project.target.database)
    before, after = around_run_id(settings)
    limit = f"DATEADD({found[2]}, -{found[1]}, CURRENT_TIMESTAMP())"
    oldest = f"{quote_string(before)} || TO_CHAR(CONVERT_TIMEZONE('UTC', {limit}), 'YYYYMMDD_HH24MISS_FF3')"
    pattern = re.escape(before) + "[0-9]{8}_[0-9]{6}_[0-9]{3}" + re.escape(after)
    return [
        f"""LET old CURSOR FOR
    SELECT SCHEMA_NAME FROM {database}.INFORMATION_SCHEMA.SCHEMATA
    WHERE REGEXP_LIKE(SCHEMA_NAME, {quote_string(pattern)}) AND SCHEMA_NAME < {oldest}""",
        f"""FOR found IN old DO
    LET name VARCHAR := '{database}."' || found.SCHEMA_NAME || '"';
    DROP SCHEMA IF EXISTS IDENTIFIER(:name);
  END FOR""",
    ]
