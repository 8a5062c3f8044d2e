"""The keys of headers and of project.yml, each in one place: what it may hold, what it means, where it is allowed.

The keys of Snowflake's task parameters are their names in snake_case (fact sheet 1.1, 1.2). JSON Schemas are
generated from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from neve.validate import Schema


def matching(pattern: str, title: str) -> Schema:
    """A text that matches as a whole."""
    return {"type": "string", "pattern": f"^(?:{pattern})$", "title": title}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


_PART = r'(?:[A-Za-z_][A-Za-z0-9_$]*|"[^"]+")'
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
MAPPING: Schema = {"type": "object"}
NAME = matching(_PART, "a name such as my_name")
DOTTED = matching(rf"{_PART}(?:\.{_PART}){{0,2}}", "a name such as my_name or my_schema.my_name")
SIZE = one_of("XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE")


def integer(low: int, high: int | None = None) -> Schema:
    return {"type": "integer", "minimum": low, **({} if high is None else {"maximum": high})}


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def some(item: Schema, title: str) -> Schema:
    """One item, or a list of them."""
    return {"anyOf": [item, list_of(item)], "title": title}


def mapping_of(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


def named(item: Schema) -> Schema:
    """A mapping of names that can be Snowflake's to items."""
    return {"type": "object", "propertyNames": NAME, "additionalProperties": item}


def closed(keys: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    return {"type": "object", "properties": keys, "additionalProperties": False, "required": list(required)}


NAMES = some(DOTTED, "a name or a list of names")
WORDS = some(TEXT, "a text or a list of texts")
SCHEDULE: Schema = {
    "anyOf": [TEXT, closed({"cron": TEXT, "timezone": TEXT}, ["cron"])],
    "title": 'a schedule such as "24 hours", "@daily" or {cron: "0 5 * * *", timezone: Europe/Berlin}',
}
DATA_TESTS = list_of(
    {"anyOf": [TEXT, MAPPING], "title": "the name of a test, or a mapping of its name to its arguments"}
)
COLUMN = closed(
    {
        "name": TEXT,
        "type": TEXT,
        "data_type": TEXT,
        "description": TEXT,
        "data_tests": DATA_TESTS,
        "tests": DATA_TESTS,
        "meta": MAPPING,
        "tags": WORDS,
    },
    ["name"],
)
COLUMNS: Schema = {
    "anyOf": [mapping_of({"anyOf": [TEXT, {"type": "null"}], "title": "a type such as varchar"}), list_of(COLUMN)],
    "title": "a mapping of names to types, or a list of {name, type}",
}

SQL = frozenset({"model", "task"})
MODEL = frozenset({"model"})
PYTHON = frozenset({"python_task"})
TASK = frozenset({"task", "python_task"})
ALL = SQL | PYTHON


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a header. `kinds` are the kinds of file that may have it; `graph`: it may also stand below `graphs:`."""

    schema: Schema
    doc: str
    kinds: frozenset[str] = ALL
    graph: bool = False


_TASK_KEYS = {
    "warehouse": Key(NAME, "The warehouse that runs the task; without one it is serverless.", graph=True),
    "user_task_managed_initial_warehouse_size": Key(SIZE, "Size of a serverless task's first runs.", graph=True),
    "serverless_task_min_statement_size": Key(SIZE, "Smallest size for a serverless task.", graph=True),
    "serverless_task_max_statement_size": Key(SIZE, "Largest size for a serverless task.", graph=True),
    "target_completion_interval": Key(
        TEXT, "By when a serverless task should be done, such as '10 minutes'.", graph=True
    ),
    "schedule": Key(SCHEDULE, "When a task without a graph runs."),
    "config": Key(MAPPING, "The configuration of a task without a graph, a JSON object."),
    "overlap_policy": Key(
        one_of("NO_OVERLAP", "ALLOW_CHILD_OVERLAP", "ALLOW_ALL_OVERLAP"),
        "Whether runs of the graph may overlap.",
        graph=True,
    ),
    "user_task_timeout_ms": Key(
        integer(0, 604_800_000), "Longest run in milliseconds; on the graph, of the whole run.", graph=True
    ),
    "suspend_task_after_num_failures": Key(
        integer(0), "After how many failed runs in a row Snowflake suspends it; 0 is never.", graph=True
    ),
    "error_integration": Key(NAME, "Notification integration for failures.", graph=True),
    "success_integration": Key(NAME, "Notification integration for successes.", graph=True),
    "log_level": Key(one_of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"), "What is logged.", graph=True),
    "task_auto_retry_attempts": Key(integer(0, 30), "How often a failed run is retried by itself.", graph=True),
    "user_task_minimum_trigger_interval_in_seconds": Key(
        integer(10, 604_800), "Shortest time between two triggered runs.", graph=True
    ),
    "execute_as_user": Key(NAME, "The user in whose name the task runs.", graph=True),
    "session_parameters": Key(
        mapping_of({"anyOf": [TEXT, FLAG, {"type": "number"}], "title": "a text, a number, true or false"}),
        "Session parameters of the task.",
        graph=True,
    ),
    "when": Key(
        TEXT, "Snowflake's condition; short forms: return_value('task'), stream_has_data('stream').", graph=True
    ),
    "after": Key(NAMES, "Tasks to run after, beside those that the text names."),
    "finalize": Key(NAME, "The graph whose finalizer this task is.", TASK),
}
_MODEL_KEYS = {
    "materialized": Key(
        one_of("table", "view", "incremental", "dynamic_table", "ephemeral"), "What the SELECT becomes.", MODEL
    ),
    "alias": Key(NAME, "The name of the table or view, when it is not the file's.", MODEL),
    "columns": Key(COLUMNS, "The columns: types, descriptions, data tests.", MODEL),
    "data_tests": Key(DATA_TESTS, "Tests of the whole table.", MODEL),
    "unique_key": Key(WORDS, "The columns that identify a row of an incremental model.", MODEL),
    "incremental_strategy": Key(
        one_of("append", "merge", "delete+insert"), "How new rows get into an incremental model.", MODEL
    ),
    "target_lag": Key(TEXT, "How old a dynamic table may be, such as '1 hour' or DOWNSTREAM.", MODEL),
    "refresh_mode": Key(one_of("AUTO", "FULL", "INCREMENTAL"), "How a dynamic table refreshes.", MODEL),
    "initialize": Key(one_of("ON_CREATE", "ON_SCHEDULE"), "When a dynamic table is filled first.", MODEL),
    "cluster_by": Key(WORDS, "Clustering expressions of the table.", MODEL),
    "transient": Key(FLAG, "Whether the table is transient.", MODEL),
    "secure": Key(FLAG, "Whether the view is secure.", MODEL),
    "copy_grants": Key(FLAG, "Whether a replaced table or view keeps its grants.", MODEL),
}
DEFAULT_RUNTIME = "3.11"
"""The Python of procedures whose header names none."""
_PYTHON_KEYS = {
    "packages": Key(list_of(TEXT), "Anaconda or PyPI packages, with a version or without.", PYTHON),
    "imports": Key(list_of(TEXT), "Files on stages that the procedure imports.", PYTHON),
    "runtime_version": Key(
        matching(r"3\.[0-9]+", "a Python version in quotes, such as '3.11'"),
        "The Python version of the procedure.",
        PYTHON,
    ),
    "external_access_integrations": Key(list_of(NAME), "Integrations that let the procedure out.", PYTHON),
    "secrets": Key(mapping_of(DOTTED), "Snowflake secrets by the name that the code uses.", PYTHON),
}
_COMMON_KEYS = {
    "graph": Key(NAME, "The graph that the file belongs to."),
    "schema": Key(NAME, "Where its tables are; `run` is the schema of the run."),
    "database": Key(NAME, "The database of its tables."),
    "description": Key(
        TEXT, "What it is; becomes the COMMENT. The text below the front matter says the same.", graph=True
    ),
    "tags": Key(WORDS, "Words to select by."),
    "enabled": Key(FLAG, "false leaves the file out."),
    "meta": Key(MAPPING, "Anything; neve does not read it."),
    "reads": Key(NAMES, "Tables that it reads, beside those that the text names."),
    "writes": Key(NAMES, "Tables that it writes, beside those that the text names."),
    "trigger_rule": Key(
        one_of("all_success", "all_done", "one_success", "none_failed", "none_failed_min_one_success"),
        "Whether it runs after predecessors that failed or were skipped, in Airflow's words.",
    ),
}

HEADER: Mapping[str, Key] = dict(sorted((_COMMON_KEYS | _TASK_KEYS | _MODEL_KEYS | _PYTHON_KEYS).items()))
GRAPH_OPTIONS = tuple(name for name, key in HEADER.items() if key.graph)

_SCHEMAS = {name: {**key.schema, "description": key.doc} for name, key in HEADER.items()}
HEADER_SCHEMA: Schema = closed(_SCHEMAS)

_CLEANUP = matching(
    r"always|on_success|never|[1-9][0-9]* (?:seconds?|minutes?|hours?|days?|weeks?)",
    'always, on_success, never, or a time such as "7 days"',
)
_RUN_SCHEMA = matching(
    r"[A-Za-z_][A-Za-z0-9_$]*\{run_id\}[A-Za-z0-9_$]*", "a name with the run in it, such as RUN_{run_id}"
)
GRAPH_SCHEMA: Schema = closed(
    {
        "schedule": SCHEDULE,
        "config": MAPPING,
        "run_schema": _RUN_SCHEMA,
        "cleanup": _CLEANUP,
        "fuse": one_of("chains"),
        **{name: _SCHEMAS[name] for name in GRAPH_OPTIONS},
    }
)
_TABLE: Schema = {
    "anyOf": [
        {"type": "null"},
        closed({"columns": COLUMNS, "stream_on": DOTTED, "description": TEXT, "meta": MAPPING, "tags": WORDS}),
    ],
    "title": "a mapping, such as {columns: {id: number}}, or nothing",
}
_SOURCE = closed({"database": NAME, "schema": NAME, "description": TEXT, "meta": MAPPING, "tables": named(_TABLE)})
_LAYERS: Mapping[str, Schema] = {
    "vars": MAPPING,
    "defaults": {
        "type": "object",
        "properties": _SCHEMAS,
        "patternProperties": {"^(?:models|tasks|python_tasks)(?:/[^/]+)*$": HEADER_SCHEMA},
        "additionalProperties": False,
    },
    "graphs": named({"anyOf": [{"type": "null"}, GRAPH_SCHEMA], "title": "a mapping, or nothing"}),
    "sources": named(_SOURCE),
}
TARGET_SCHEMA = closed(
    {
        "engine": one_of("local", "snowflake"),
        "connection": TEXT,
        "account": TEXT,
        "database": NAME,
        "schema": NAME,
        "warehouse": NAME,
        "role": NAME,
        **_LAYERS,
    },
    ["database"],
)
PROJECT_SCHEMA = closed(
    {
        "name": matching("[A-Za-z_][A-Za-z0-9_]*", "a name of letters, digits and _"),
        "description": TEXT,
        "default_target": TEXT,
        "targets": mapping_of(TARGET_SCHEMA),
        **_LAYERS,
    },
    ["name"],
)


def published() -> dict[str, dict[str, Any]]:
    """The JSON Schemas for editors, by file name."""
    meta = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        "project.schema.json": {**meta, "title": "project.yml", **PROJECT_SCHEMA},
        "header.schema.json": {**meta, "title": "The front matter of a SQL or Python file", **HEADER_SCHEMA},
    }


def main(folder: str) -> None:
    """Write the JSON Schemas into a folder."""
    import json
    from pathlib import Path

    for name, schema in published().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (Path(folder) / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
