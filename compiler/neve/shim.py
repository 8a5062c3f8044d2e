"""What stands below a user's Python task in its procedure: the class of `run`, and what calls the user's `main`.

The compiler inlines this file's text from its first import on; nothing of it runs in the compiler. Its names are
such that they meet none of the user's.
"""

import json as _json
from collections.abc import Callable as _Callable
from datetime import UTC as _UTC
from datetime import datetime as _datetime
from typing import Any as _Any

from snowflake.core.task.context import TaskContext as _TaskContext


class NeveRun(_TaskContext):
    """Snowflake's TaskContext with short forms. Times are in UTC and carry no zone, like TIMESTAMP_NTZ."""

    def __init__(self, session: _Any, run_schema: str) -> None:
        super().__init__(session)
        self._run_schema = run_schema
        self._id = ""

    @property
    def config(self) -> dict[str, _Any]:
        """The graph's configuration, with what this run was given on top."""
        return self.get_task_graph_config() or {}

    @property
    def id(self) -> str:
        """The original scheduled time, such as 20240311_000000_000: a retry has the same."""
        if not self._id:
            time = "system$task_runtime_info('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::timestamp_ltz"
            text = f"to_char(convert_timezone('UTC', {time}), 'YYYYMMDD_HH24MISS_FF3')"
            self._id = str(self._session.sql(f"select {text}").collect()[0][0])
        return self._id

    @property
    def schema(self) -> str:
        """The schema of this run, with its database."""
        return self._run_schema.format(run_id=self.id)

    @property
    def scheduled_at(self) -> _datetime:
        return _datetime.strptime(self.id, "%Y%m%d_%H%M%S_%f")  # noqa: DTZ007  in UTC, as the class says

    @property
    def as_of(self) -> _datetime:
        """The time that the run computes for: the configuration's `as_of`, else the scheduled time."""
        written = self.config.get("as_of")
        if not written:
            return self.scheduled_at
        time = _datetime.fromisoformat(str(written))
        return time.astimezone(_UTC).replace(tzinfo=None) if time.tzinfo else time

    def returned(self, task: str | None = None) -> _Any:
        """What a task before this one returned, decoded when it is JSON; None when it returned nothing."""
        text = self.get_predecessor_return_value(task)
        try:
            return _json.loads(text)
        except ValueError:
            return None if text in {"", "None"} else text


def neve_call(
    main: _Callable[[_Any, NeveRun], _Any], session: _Any, run_schema: str = "", schema: str = ""
) -> str | None:
    """Run a task's `main` in its schema (`run`: that of the run) and hand on what it returns."""
    run = NeveRun(session, run_schema)
    if schema:
        _in_task(lambda: session.use_schema(run.schema if schema == "run" else schema))
    value = main(session, run)
    if value is None:
        return None
    text = _json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)
    _in_task(lambda: run.set_return_value(text))
    return text


def _in_task(do: _Callable[[], _Any]) -> None:
    """A procedure that is called by hand is in no task, and then leaves out what only a task can do."""
    try:
        do()
    except Exception as error:
        if "must be called from within a task" not in str(error):
            raise
