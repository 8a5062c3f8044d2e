"""The statements we send, as SQL text.

The order of options is that of the fact sheet's section 1.1; what CREATE OR ALTER takes, 1.3; procedures, 6.1.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neve.names import dollar_quote, fold, quote_identifier, quote_string

_INTERVAL = re.compile(r"\s*\+?(\d+)\s*([A-Za-z]+)\s*", re.ASCII)
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "SECONDS"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "MINUTES"),
    **dict.fromkeys(("h", "hour", "hours"), "HOURS"),
}


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task to create: `name`, `after` and `finalize` are SQL names, `body` and `when` SQL text."""

    name: str
    options: Mapping[str, Any]
    comment: str
    after: Sequence[str]
    finalize: str | None
    when: str | None
    body: str


def create_task(task: TaskText) -> str:
    """CREATE OR ALTER TASK, with everything that it takes in one statement."""
    user = task.options.get("execute_as_user")
    lines = [
        f"CREATE OR ALTER TASK {task.name}",
        *(f"  {text}" for text in _options(task.options, _TAKEN_FIRST)),
        *_comment(task.comment),
        *([f"  FINALIZE = {task.finalize}"] if task.finalize else []),
        *(f"  {text}" for text in _options(task.options, _TAKEN_LAST)),
        *([f"  AFTER {', '.join(task.after)}"] if task.after else []),
        *([f"  EXECUTE AS USER {quote_identifier(fold(str(user)))}"] if user else []),
        *([f"  WHEN {task.when}"] if task.when else []),
        f"AS {task.body}" if "\n" not in task.body or task.body.startswith("EXECUTE") else f"AS\n{task.body}",
    ]
    return "\n".join(lines)


def alter_task(name: str, options: Mapping[str, Any]) -> str | None:
    """The options that CREATE OR ALTER TASK leaves out, set after it; None when there are none."""
    rest = list(_options(options, _SET_AFTER))
    return f"ALTER TASK {name} SET {' '.join(rest)}" if rest else None


def suspend_task(name: str) -> str:
    return f"ALTER TASK IF EXISTS {name} SUSPEND"


def resume_task(name: str) -> str:
    return f"ALTER TASK {name} RESUME"


@dataclass(frozen=True, slots=True)
class ProcedureText:
    """A Python procedure to create. `code` stands between the $$ marks as it is."""

    name: str
    runtime_version: str
    packages: Sequence[str]
    imports: Sequence[str]
    integrations: Sequence[str]
    secrets: Mapping[str, str]
    comment: str
    code: str


def create_procedure(procedure: ProcedureText) -> str:
    """CREATE OR REPLACE PROCEDURE with the caller's rights, since only such may set return values (fact sheet 4.2)."""
    lines = [
        f"CREATE OR REPLACE PROCEDURE {procedure.name}()",
        "  RETURNS VARCHAR",
        "  LANGUAGE PYTHON",
        f"  RUNTIME_VERSION = {quote_string(procedure.runtime_version)}",
        f"  PACKAGES = ({_strings(procedure.packages)})",
        *([f"  IMPORTS = ({_strings(procedure.imports)})"] if procedure.imports else []),
        "  HANDLER = 'neve_handler'",
        *(
            [f"  EXTERNAL_ACCESS_INTEGRATIONS = ({', '.join(procedure.integrations)})"]
            if procedure.integrations
            else []
        ),
        *([f"  SECRETS = ({_secrets(procedure.secrets)})"] if procedure.secrets else []),
        *_comment(procedure.comment),
        "  EXECUTE AS CALLER",
        f"AS {dollar_quote(procedure.code)}",
    ]
    return "\n".join(lines)


def create_view(name: str, comment: str, query: str, *, secure: bool = False, copy_grants: bool = False) -> str:
    lines = [
        f"CREATE OR REPLACE {'SECURE ' if secure else ''}VIEW {name}",
        *(["  COPY GRANTS"] if copy_grants else []),
        *_comment(comment),
        "AS",
        query,
    ]
    return "\n".join(lines)


def create_dynamic_table(name: str, options: Sequence[tuple[str, str]], comment: str, query: str) -> str:
    lines = [f"CREATE OR REPLACE DYNAMIC TABLE {name}", *(f"  {k} = {v}" for k, v in options), *_comment(comment)]
    return "\n".join([*lines, "AS", query])


def normal_schedule(written: str) -> str:
    """A schedule as Snowflake takes it: `24 hours` is `24 HOURS`, a cron expression stays (fact sheet 1.2.1)."""
    interval = _INTERVAL.fullmatch(written)
    unit = _UNITS.get(interval[2].lower()) if interval else None
    if interval and unit:
        return f"{int(interval[1])} {unit[:-1] if int(interval[1]) == 1 else unit}"
    return " ".join(written.split())


def config_text(config: Mapping[str, Any]) -> str:
    """CONFIG as compact JSON, in the order of project.yml."""
    return json.dumps(config, separators=(",", ":"), ensure_ascii=False)


def _comment(comment: str) -> list[str]:
    return [f"  COMMENT = {quote_string(comment)}"] if comment else []


def _strings(texts: Sequence[str]) -> str:
    return ", ".join(map(quote_string, texts))


def _secrets(secrets: Mapping[str, str]) -> str:
    return ", ".join(f"{quote_string(name)} = {secret}" for name, secret in secrets.items())


def _identifier(value: Any) -> str:
    return quote_identifier(fold(str(value)))


def _text(value: Any) -> str:
    return quote_string(str(value))


def _schedule(value: Any) -> str:
    return quote_string(normal_schedule(str(value)))


def _config(value: Any) -> str:
    text = config_text(value)
    return quote_string(text) if "$$" in text else dollar_quote(text)


def _parameter(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int | float) else quote_string(str(value))


_Writer = Callable[[Any], str]
_TAKEN_FIRST: Mapping[str, _Writer | None] = {
    "warehouse": _identifier,
    "user_task_managed_initial_warehouse_size": _text,
    "schedule": _schedule,
    "config": _config,
    "overlap_policy": str,
    "session_parameters": None,
    "user_task_timeout_ms": str,
    "suspend_task_after_num_failures": str,
    "error_integration": _identifier,
    "success_integration": _identifier,
}
_TAKEN_LAST: Mapping[str, _Writer | None] = {"task_auto_retry_attempts": str}
_SET_AFTER: Mapping[str, _Writer | None] = {
    "log_level": _text,
    "user_task_minimum_trigger_interval_in_seconds": str,
    "target_completion_interval": _schedule,
    "serverless_task_min_statement_size": _text,
    "serverless_task_max_statement_size": _text,
}


def _options(options: Mapping[str, Any], writers: Mapping[str, _Writer | None]) -> Iterator[str]:
    for name, write in writers.items():
        if name in options and write is not None:
            yield f"{name.upper()} = {write(options[name])}"
        elif name in options:
            yield from (f"{key.upper()} = {_parameter(value)}" for key, value in sorted(options[name].items()))
