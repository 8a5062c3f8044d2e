"""What a task is, read from our own CREATE OR ALTER TASK or from a row of SHOW TASKS, so that the two can be compared.

Compared is what SHOW tells (fact sheet 2.5), by meaning: blanks, the case of names, the order of predecessors and the
layout of a config do not count. Parameters such as USER_TASK_TIMEOUT_MS are not among it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from neve.deploy.connect import Row
from neve.names import parse_name, qualified

MARK = re.compile(r"\[neve:(?P<project>[^/\[\]]+)/(?P<target>[^:\[\]]+):(?P<fingerprint>\w+)\]\s*$")
"""Our mark at the end of a COMMENT."""

Fields = Mapping[str, str]
"""A task's fields by name, those that are not set left out."""

_STRING = r"'(?:[^'\\]|\\.|'')*'"
_DOLLARS = r"\$\$.*?\$\$"
_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+)){0,2}'
_HEAD = re.compile(rf"CREATE\s+OR\s+(?:ALTER|REPLACE)\s+TASK\s+{_NAME}", re.IGNORECASE)
_OPTION = re.compile(
    rf"\s*,?\s*(?!(?:AFTER|WHEN|AS)\b)(\w+)\s*=\s*({_STRING}|{_DOLLARS}|{_NAME}|-?\d+)", re.IGNORECASE | re.DOTALL
)
_AFTER = re.compile(rf"\s*AFTER\s+({_NAME}(?:\s*,\s*{_NAME})*)", re.IGNORECASE)
_USER = re.compile(rf"\s*EXECUTE\s+AS\s+USER\s+({_NAME})", re.IGNORECASE)
_WHEN = re.compile(r"\s*WHEN\s+(.*?)(?=\sAS\s)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"\s*AS\s+(.*)", re.IGNORECASE | re.DOTALL)

_SHOWN = {
    "schedule": "schedule",
    "warehouse": "warehouse",
    "config": "config",
    "comment": "comment",
    "overlap_policy": "overlap_policy",
    "error_integration": "error_integration",
    "success_integration": "success_integration",
    "target_completion_interval": "target_completion_interval",
    "execute_as_user": "execute_as_user",
    "condition": "when",
    "definition": "body",
}
_NAMES = {"warehouse", "error_integration", "success_integration", "execute_as_user", "finalize"}


def without_mark(sql: str) -> str:
    """The text of a statement without the mark in its COMMENT: an edit changes that one, too."""
    return re.sub(r" ?\[neve:[^\]\s]*\](?=')", "", sql, count=1)


@lru_cache(maxsize=4096)
def fields_of_statement(sql: str) -> Fields:
    """The fields that a CREATE OR ALTER TASK of ours sets. ValueError for a text that is none."""
    head = _HEAD.match(sql)
    if head is None:
        raise ValueError(f"no CREATE OR ALTER TASK: {sql[:60]}")
    return dict(_plain(_scan(sql, head.end())))


def _scan(sql: str, at: int) -> Iterator[tuple[str, str]]:
    """Fields and their values as written, in the order of the grammar (fact sheet 1.1)."""
    while option := _OPTION.match(sql, at):
        yield option[1].lower(), _unquote(option[2])
        at = option.end()
    for name, pattern in (("after", _AFTER), ("execute_as_user", _USER), ("when", _WHEN), ("body", _BODY)):
        if found := pattern.match(sql, at):
            yield name, found[1]
            at = found.end()


def fields_of_row(row: Row) -> Fields:
    """The fields that a row of SHOW TASKS tells."""
    values = {field: row.get(column) for column, field in _SHOWN.items()}
    relations = _json(row.get("task_relations"))
    predecessors = _json(row.get("predecessors"))
    values["after"] = ", ".join(predecessors) if isinstance(predecessors, list) else None
    values["finalize"] = relations.get("FinalizedRootTask") if isinstance(relations, dict) else None
    return dict(_plain((name, str(value)) for name, value in values.items() if value not in {None, "", "null"}))


def _plain(pairs: Any) -> Iterator[tuple[str, str]]:
    """Values in the one form that is compared; a value that is the default is left out."""
    for name, value in pairs:
        if name == "after":
            yield name, ", ".join(sorted(_full(part) for part in _split(value)))
        elif name in _NAMES:
            yield name, _full(value)
        elif name == "config":
            yield name, json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False)
        elif name == "comment":
            yield name, MARK.sub("", value).strip()
        elif (name, value.upper()) != ("overlap_policy", "NO_OVERLAP"):
            yield name, value.strip()


def _split(names: str) -> list[str]:
    return [name for name in re.findall(_NAME, names) if name]


def _full(name: str) -> str:
    parts = parse_name(name)
    return qualified(*parts) if parts else name


def _unquote(value: str) -> str:
    if value.startswith("$$"):
        return value[2:-2]
    if value.startswith("'"):
        return re.sub(r"\\(.)|'(')", lambda found: _escaped(found[1] or found[2]), value[1:-1], flags=re.DOTALL)
    return value


def _escaped(character: str) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(character, character)


def _json(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) and text else text


def differences(live: Row, sql: str) -> list[tuple[str, str, str]]:
    """Where a live task is not what the statement says: field, live value, value of the statement ("" when unset).

    A field that this account does not show is not compared; nor is our mark at the end of a comment.
    """
    there, wanted = fields_of_row(live), fields_of_statement(sql)
    shown = {field for column, field in _SHOWN.items() if column in live} | {"after", "finalize"}
    pairs = ((field, there.get(field, ""), wanted.get(field, "")) for field in sorted(shown))
    return [(field, old, new) for field, old, new in pairs if " ".join(old.split()) != " ".join(new.split())]
