"""The options of a task: which there are, and what their values may be (fact sheet 1.2).

Pass 1 (`read_settings`) refuses what the statement alone shows; pass 2 (`check_values`) ranges, vocabularies, schedule
and config. In between, settings are a mapping of option or session parameter to its text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import available_timezones

from neve.local.parameters import PARAMETERS
from neve.local.sqltext import parse_name
from neve.local.tasks import refusals
from neve.local.tasks.graph_config import parse_config
from neve.local.tasks.schedule import parse_completion_interval, parse_schedule

Kind = Literal["text", "name", "number", "boolean"]
Settings = Mapping[str, str]

OPTIONS: Mapping[str, Kind] = {
    "WAREHOUSE": "name",
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE": "name",
    "SCHEDULE": "text",
    "CONFIG": "text",
    "OVERLAP_POLICY": "name",
    "ALLOW_OVERLAPPING_EXECUTION": "boolean",
    "USER_TASK_TIMEOUT_MS": "number",
    "SUSPEND_TASK_AFTER_NUM_FAILURES": "number",
    "ERROR_INTEGRATION": "name",
    "SUCCESS_INTEGRATION": "name",
    "LOG_LEVEL": "name",
    "LOG_EVENT_LEVEL": "name",
    "COMMENT": "text",
    "TASK_AUTO_RETRY_ATTEMPTS": "number",
    "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS": "number",
    "TARGET_COMPLETION_INTERVAL": "text",
    "SERVERLESS_TASK_MIN_STATEMENT_SIZE": "name",
    "SERVERLESS_TASK_MAX_STATEMENT_SIZE": "name",
}

SESSION_PARAMETERS: Settings = {**PARAMETERS, "SEARCH_PATH": "$current, $public", "TRACE_LEVEL": "OFF"}
"""Any of these may be set on a task, for the session of its runs; some only to be refused in pass 2."""

DEFAULTS: Settings = {
    "OVERLAP_POLICY": "NO_OVERLAP",
    "USER_TASK_TIMEOUT_MS": "3600000",
    "SUSPEND_TASK_AFTER_NUM_FAILURES": "10",
    "TASK_AUTO_RETRY_ATTEMPTS": "0",
    "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS": "30",
}

RANGES: Mapping[str, range] = {
    "USER_TASK_TIMEOUT_MS": range(604_800_001),
    "SUSPEND_TASK_AFTER_NUM_FAILURES": range(2**31),
    "TASK_AUTO_RETRY_ATTEMPTS": range(31),
    "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS": range(10, 604_801),
}

CHECKED_AS_TEXT = frozenset({"SCHEDULE", "CONFIG"})
"""A bare word passes for their text, and is refused as the schedule or config that it is not."""

BOOLEANS = frozenset({"TRUE", "FALSE"})
OVERLAP_OPTIONS = frozenset({"OVERLAP_POLICY", "ALLOW_OVERLAPPING_EXECUTION"})
OVERLAP_POLICIES = ("NO_OVERLAP", "ALLOW_CHILD_OVERLAP", "ALLOW_ALL_OVERLAP")
LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF")
TRACE_LEVELS = ("ALWAYS", "ON_EVENT", "PROPAGATE", "OFF")
LONGEST_STATEMENT_SECONDS = 604_800
SIZES = ("XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE")
OTHER_SIZES = {"X-SMALL": "XSMALL", "X-LARGE": "XLARGE", "X2LARGE": "XXLARGE", "2X-LARGE": "XXLARGE"}

INITIAL = "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE"
LEAST = "SERVERLESS_TASK_MIN_STATEMENT_SIZE"
MOST = "SERVERLESS_TASK_MAX_STATEMENT_SIZE"
SERVERLESS = (INITIAL, LEAST, MOST)


@dataclass(frozen=True, slots=True)
class Setting:
    """`name = value` of a statement: the value's text, its kind, and how both were written."""

    name: str
    value: str
    kind: Kind
    written: str
    spelled: str


def read_settings(settings: Iterable[Setting]) -> Settings:
    """Pass 1: each option once in one spelling, known, of the right kind. Of two spellings the last one counts; sizes
    are folded to Snowflake's own names.
    """
    settings = tuple(settings)
    check_names([setting.spelled for setting in settings])
    return {setting.name: _fold(setting.name, _value(setting)) for setting in settings}


def check_names(spelled: Sequence[str]) -> None:
    """Refuses a name that is no option and no session parameter, and one that stands twice in the same spelling."""
    for place, name in enumerate(spelled):
        if name.upper() not in OPTIONS and name.upper() not in SESSION_PARAMETERS:
            raise refusals.unknown_property(name.upper())
        if name in spelled[:place]:
            raise refusals.duplicate_property(name)


def parameter_kind(name: str) -> Kind:
    default = SESSION_PARAMETERS[name]
    return "boolean" if default in {"true", "false"} else "number" if default.isdecimal() else "name"


def _value(setting: Setting) -> str:
    kind = OPTIONS.get(setting.name) or parameter_kind(setting.name)
    if not _is_kind(setting, kind):
        raise refusals.bad_parameter(setting.name, setting.written)
    if setting.name == "WAREHOUSE" and setting.kind == "text":
        return ".".join(parse_name(setting.value))
    return setting.value


def _is_kind(setting: Setting, kind: Kind) -> bool:
    match kind:
        case "number":
            return setting.kind == "number" and setting.value.removeprefix("-").isdecimal()
        case "text":
            return setting.kind == "text" or (setting.kind == "name" and setting.name in CHECKED_AS_TEXT)
        case "name":
            return setting.kind == "text" or (setting.kind == "name" and setting.written.upper() not in BOOLEANS)
        case "boolean":
            return setting.kind in {"name", "text"} and setting.value.upper() in BOOLEANS


def _fold(name: str, value: str) -> str:
    if name in SERVERLESS:
        return OTHER_SIZES.get(value.upper(), value.upper() if value.upper() in SIZES else value)
    kind = OPTIONS.get(name) or parameter_kind(name)
    return value.upper() if kind == "boolean" else value


def check_values(task: str, settings: Settings) -> None:
    """Pass 2 over the settings that the task (its full name) would have."""
    _check_vocabularies(settings)
    for name, allowed in RANGES.items():
        if name in settings and int(settings[name]) not in allowed:
            raise refusals.bad_parameter(name, settings[name])
    seconds = settings.get("STATEMENT_TIMEOUT_IN_SECONDS", "0")
    if not 0 <= int(seconds) <= LONGEST_STATEMENT_SECONDS:
        raise refusals.statement_timeout_out_of_range(seconds)
    if "SCHEDULE" in settings:
        parse_schedule(settings["SCHEDULE"])
    if "CONFIG" in settings:
        parse_config(settings["CONFIG"])
    _check_serverless(task, settings)


def _check_vocabularies(settings: Settings) -> None:
    policy = settings.get("OVERLAP_POLICY")
    if policy is not None and policy not in OVERLAP_POLICIES:
        raise refusals.bad_property("OVERLAP_POLICY", policy)
    for name in SERVERLESS:
        if name in settings and settings[name] not in SIZES:
            raise refusals.bad_parameter(name, settings[name])
    for name in ("LOG_LEVEL", "LOG_EVENT_LEVEL"):
        if name in settings and settings[name].upper() not in LOG_LEVELS:
            raise refusals.bad_log_level()
    if settings.get("TRACE_LEVEL", "OFF").upper() not in TRACE_LEVELS:
        raise refusals.bad_trace_level()
    if "TIMEZONE" in settings and settings["TIMEZONE"] not in available_timezones():
        raise refusals.bad_parameter("TIMEZONE", settings["TIMEZONE"])
    if settings.get("AUTOCOMMIT") == "FALSE":
        raise refusals.parameter_not_supported("AUTOCOMMIT = false")
    if "SEARCH_PATH" in settings:
        raise refusals.parameter_not_supported("SEARCH_PATH")


def _check_serverless(task: str, settings: Settings) -> None:
    interval = settings.get("TARGET_COMPLETION_INTERVAL")
    if interval is not None:
        if "WAREHOUSE" in settings:
            raise refusals.completion_not_serverless(task)
        parse_completion_interval(interval)
    sizes = {name: settings[name] for name in SERVERLESS if name in settings}
    if sizes and "WAREHOUSE" in settings:
        raise refusals.not_serverless(next(iter(sizes)))
    _check_order(LEAST, MOST, sizes, refusals.min_above_max)
    _check_order(LEAST, INITIAL, sizes, lambda least, initial: refusals.initial_below_min(initial, least))
    _check_order(INITIAL, MOST, sizes, refusals.initial_above_max)


def _check_order(low: str, high: str, sizes: Settings, refusal: Callable[[str, str], Exception]) -> None:
    if low in sizes and high in sizes and SIZES.index(sizes[low]) > SIZES.index(sizes[high]):
        raise refusal(sizes[low], sizes[high])


def with_overlap_policy(settings: Settings, changed: Settings) -> Settings:
    """`settings` with ALLOW_OVERLAPPING_EXECUTION turned into the policy it stands for: FALSE is the default one.

    `changed` is what one statement sets, where both may only say the same.
    """
    allow = changed.get("ALLOW_OVERLAPPING_EXECUTION")
    if allow is None:
        return settings
    policy = "ALLOW_CHILD_OVERLAP" if allow == "TRUE" else "NO_OVERLAP"
    if changed.get("OVERLAP_POLICY", policy) != policy:
        raise refusals.overlap_conflict()
    rest = {name: value for name, value in settings.items() if name not in OVERLAP_OPTIONS}
    return {**rest, "OVERLAP_POLICY": policy} if allow == "TRUE" else rest
