"""The `config(...)` of a body: dbt's way to write header keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.header import header_problems
from neve.ir import SourceFile, Value
from neve.jinja.environment import Environment, tokens
from neve.jinja.source import Source

_OURS = {"snowflake_warehouse": "warehouse"}
"""dbt's words that are others here."""

_NOT_HERE = {
    "pre_hook": "Make it a task of its own in tasks/, after which this model runs: `after: ...`.",
    "post_hook": "Make it a task of its own in tasks/, with `after:` this model.",
    "on_schema_change": "Remove it: an incremental model keeps the columns that it was made with.",
    "query_tag": "Write `session_parameters={'QUERY_TAG': '...'}`.",
    "grants": "Grant on future tables of the schema, or in a task with `after:` this model.",
    "full_refresh": "Remove it: to fill a model anew, drop its table before a run.",
    "persist_docs": "Remove it: descriptions always become COMMENTs.",
    "contract": "Remove it: neve checks columns that it knows.",
    "automatic_clustering": "Remove it: Snowflake clusters by `cluster_by` of itself.",
    "on_configuration_change": "Remove it: what the header says is applied with the next `neve apply`.",
    "merge_update_columns": "Remove it: a merge sets all columns. Write a MERGE in tasks/ to set some of them.",
    "merge_exclude_columns": "Remove it: a merge sets all columns. Write a MERGE in tasks/ to set some of them.",
    "incremental_predicates": "Remove it, or write the MERGE with this condition in tasks/.",
    "event_time": "Say in the SELECT which rows are new, with `is_incremental()`.",
    "batch_size": "Say in the SELECT which rows are new, with `is_incremental()`.",
    "lookback": "Say in the SELECT which rows are new, with `is_incremental()`.",
    "begin": "Say in the SELECT which rows are new, with `is_incremental()`.",
    "sql_header": "Write what comes before the SELECT into a file in tasks/.",
    "docs": "Remove it, or put it below `meta`, which can hold anything.",
    "group": "Remove it, or put it below `meta`, which can hold anything.",
    "access": "Remove it, or put it below `meta`, which can hold anything.",
    "snowflake_initialization_warehouse": "Remove it: there is one `warehouse`.",
}
"""dbt's words for which there is no key here: what to do instead."""

_OWN = "Put a setting of your own below `meta`, which can hold anything, and read it with `config.get('meta')`."


def config_values(
    config: Mapping[str, Any], file: SourceFile, source: Source, environment: Environment, say: Say
) -> dict[str, Value] | None:
    """What config(...) set, by neve's names, each with its place; None after saying which key is wrong."""
    if not config:
        return {}
    written = {_OURS.get(key, key): value for key, value in config.items()}
    spans = {_OURS.get(key, key): places for key, *places in _settings(source, environment)}
    anywhere = Span(source.path, source.offset, source.offset + len(source.text))
    faults = list(header_problems(written, file))
    for fault in faults:
        key, value = spans.get(str(fault.keys[0]), (anywhere, anywhere))
        hint = (fault.at_key and _NOT_HERE.get(str(fault.keys[0]))) or fault.hint or (_OWN if fault.at_key else "")
        say(Diagnostic(fault.code, fault.message, key if fault.at_key else value, hint=hint))
    if faults:
        return None
    return {key: Value(value, spans.get(key, (anywhere, anywhere))[1]) for key, value in written.items()}


def _settings(source: Source, environment: Environment) -> Iterator[tuple[str, Span, Span]]:
    """Each `key=value` of a `config(...)`, or `'key': value` of one that is given a dictionary: the key, its place, the
    value's place.
    """
    found = [token for token in tokens(environment, source.text) if token[2] != "whitespace"]
    depth = level = 0  # of brackets, and of those around a key
    key: tuple[int, int, str, int] | None = None
    for (_, before, _, called), (start, end, kind, text), (_, behind, _, following) in zip(
        found, found[1:], found[2:], strict=False
    ):
        if depth == 0:
            depth = level = int(kind == "operator" and text == "(" and called == "config")
        elif depth == level and key is None and (kind, following) in {("name", "="), ("string", ":")}:
            key = (start, end, text.strip("'\""), behind)
        elif kind == "operator":
            level += text == "{" and depth == level == 1 and key is None
            depth += (text in "([{") - (text in ")]}")
            if key and (depth < level or (depth == level and text == ",")):
                value = key[3] + len(source.text[key[3] :]) - len(source.text[key[3] :].lstrip())
                yield key[2], source.span(key[0], key[1]), source.span(value, before)
                key = None
            level = min(level, depth)
