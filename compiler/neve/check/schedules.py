"""SCHEDULE and the other intervals: Snowflake's grammar and limits (fact sheet 1.2.1)."""

import re
from collections.abc import Iterator

from neve.check.context import Compiling
from neve.check.cron import problem_of
from neve.diagnostics.model import Diagnostic, Say
from neve.graph.tasks import MANUAL
from neve.ir import Value
from neve.statements import normal_schedule

CODE = "NEVE401"
_INTERVAL = re.compile(r"(\d+) (HOUR|MINUTE|SECOND)S?")
_SECONDS = {"HOUR": 3600, "MINUTE": 60, "SECOND": 1}
_CRON = "USING CRON "
_HINT = 'Write an interval such as "24 hours" or "90 minutes", "@daily", or {cron: "0 5 * * *", timezone: UTC}.'
_LEAST_LAG = 60
_EIGHT_DAYS = 8 * 24 * 3600


def check(compiling: Compiling, say: Say) -> None:
    for value in _schedules(compiling):
        message = None if value.data == MANUAL else _schedule(str(value.data))
        if message:
            say(Diagnostic(CODE, message, value.span, hint=_HINT))
    for value in _completions(compiling):
        message = _interval(str(value.data), 10, 24 * 3600, "a target_completion_interval")
        if message:
            say(Diagnostic(CODE, message, value.span, hint='Write an interval such as "10 minutes".'))

    for node in compiling.nodes.values():
        lag = node.header.values.get("target_lag")
        if lag and node.materialized == "dynamic_table" and not _is_lag(str(lag.data)):
            message = f"`{lag.data}` is not a target_lag of 60 seconds or more"
            say(Diagnostic(CODE, message, lag.span, hint='Write an interval such as "1 hour", or DOWNSTREAM.'))


def _is_lag(written: str) -> bool:
    found = re.fullmatch(r"(\d+)\s+(SECOND|MINUTE|HOUR|DAY)S?", written.strip().upper())
    return written.strip().upper() == "DOWNSTREAM" or (
        found is not None and int(found[1]) * {**_SECONDS, "DAY": 86_400}[found[2]] >= _LEAST_LAG
    )


def _schedules(compiling: Compiling) -> Iterator[Value]:
    for graph in compiling.project.graphs.values():
        if graph.schedule:
            yield graph.schedule
    for node in compiling.nodes.values():
        if node.file.kind != "model" and "schedule" in node.header.values:
            yield node.header.values["schedule"]


def _completions(compiling: Compiling) -> Iterator[Value]:
    key = "target_completion_interval"
    for graph in compiling.project.graphs.values():
        if key in graph.options:
            yield graph.options[key]
    for node in compiling.nodes.values():
        if key in node.header.values:
            yield node.header.values[key]


def _schedule(written: str) -> str | None:
    if written.upper().startswith(_CRON):
        return problem_of(written[len(_CRON) :])
    return _interval(written, 10, _EIGHT_DAYS, "a schedule")


def _interval(written: str, least: int, most: int, what: str) -> str | None:
    found = _INTERVAL.fullmatch(normal_schedule(written))
    if not found:
        return f"`{written}` is not {what}"
    seconds = int(found[1]) * _SECONDS[found[2]]
    if least <= seconds <= most:
        return None
    hours = most // 3600
    return f"{what[0].upper()}{what[1:]} is between {least} seconds and {hours} hours, not {written}"
