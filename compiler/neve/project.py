"""project.yml as one target sees it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yaml import MappingNode, Node

from neve import schema
from neve.diagnostics.model import Diagnostic, Say
from neve.discover import read_text
from neve.ir import GraphSettings, Project, SourceTable, Target, Value
from neve.names import fold, nearest
from neve.schedule import snowflake_schedule
from neve.validate import Problem, problems
from neve.yamltext import Document, child, overlay, pairs, plain, read_yaml

FILE = "project.yml"
_LOCAL = "local"
_SECRET_KEYS = frozenset(
    {
        "access_token",
        "oauth_token",
        "passphrase",
        "passwd",
        "password",
        "private_key",
        "private_key_file",
        "private_key_file_pwd",
        "private_key_passphrase",
        "private_key_path",
        "secret",
        "token",
    }
)
_NO_SECRETS = (
    "Put it into Snowflake's connections.toml, with `snow connection add`, and name that connection here:"
    " `connection: NAME`."
)


def load_project(root: Path, target: str | None, cli_vars: Mapping[str, Any], say: Say) -> Project | None:
    """The project in `root` for a target (None: the default one); None after saying what is wrong (NEVE101 to 108)."""
    text = _text(root, say)
    found = None if text is None else read_yaml(text, FILE, 0, say)
    if found is None:
        return None
    document, data = found
    secrets = list(_secrets(data))
    known = {fault.keys for fault in secrets}
    faults = [*secrets, *(fault for fault in problems(data, schema.PROJECT_SCHEMA) if fault.keys not in known)]
    for fault in faults:
        span = document.key_span(fault.keys) if fault.at_key else document.span(fault.keys)
        say(Diagnostic(fault.code, fault.message, span, hint=fault.hint))
    chosen = None if faults else _choose(document, data, target, say)
    return None if chosen is None else _build(document, data, chosen, cli_vars)


def _text(root: Path, say: Say) -> str | None:
    path = root / FILE
    if path.is_file():
        return read_text(root, FILE, say)
    other = next((name for name in ("project.yaml", "neve.yml", "dbt_project.yml") if (root / name).is_file()), None)
    hint = (
        f"There is a {other}: neve reads project.yml."
        if other
        else "Go to the project's folder, or make a project with `neve init`."
    )
    say(Diagnostic("NEVE101", "There is no project.yml in this folder", hint=hint))
    return None


def _secrets(data: Any, keys: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Keys that hold secrets, wherever a person might put them; the columns of sources may be named like them."""
    for key, value in data.items() if isinstance(data, dict) else ():
        if key.lower() in _SECRET_KEYS and isinstance(value, str | int):
            yield Problem(
                "NEVE107",
                f"`{key}` is a secret: it must not stand in project.yml",
                (*keys, key),
                _NO_SECRETS,
                at_key=True,
            )
        elif key not in {"sources", "defaults"}:
            yield from _secrets(value, (*keys, key))


def _choose(document: Document, data: dict[str, Any], asked: str | None, say: Say) -> str | None:
    """The target's name: the one asked for, else `default_target`, else `local`, else the first."""
    targets = list(data.get("targets") or [_LOCAL])
    name = asked or data.get("default_target") or (_LOCAL if _LOCAL in targets else targets[0])
    if name in targets:
        return str(name)
    span = document.span(["default_target"]) if asked is None else document.key_span(["targets"])
    meant = nearest(name, targets)
    hint = f"Did you mean `{meant}`?" if meant else ""
    message = f"There is no target `{name}`; there {_are(targets)}"
    say(Diagnostic("NEVE106", message, span, hint=hint))
    return None


def _are(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return f"is {quoted[0]}" if len(quoted) == 1 else f"are {', '.join(quoted[:-1])} and {quoted[-1]}"


def _build(document: Document, data: dict[str, Any], chosen: str, cli_vars: Mapping[str, Any]) -> Project:
    root, over = document.node, child(child(document.node, "targets"), chosen)
    layers = {key: _layer(child(root, key), child(over, key)) for key in ("vars", "graphs", "sources", "defaults")}
    target = _target(chosen, plain(over) or {"engine": _LOCAL, "database": data["name"]})
    return Project(
        name=data["name"],
        target=target,
        targets=tuple(data.get("targets") or [_LOCAL]),
        vars=(plain(layers["vars"]) or {}) | dict(cli_vars),
        graphs={name: _graph(document, key, node) for name, key, node in _entries(layers["graphs"])},
        defaults=_defaults(document, layers["defaults"]),
        sources={
            (table.source, table.name): table
            for source, _, node in _entries(layers["sources"])
            for table in _tables(document, source, node, target)
        },
    )


def _layer(below: Node | None, above: Node | None) -> Node | None:
    return overlay(below, above) if below and above else above or below


def _entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    return ((key.value, key, value) for key, value in pairs(node)) if isinstance(node, MappingNode) else iter(())


def _target(name: str, written: dict[str, Any]) -> Target:
    def stored(key: str) -> str | None:
        return fold(written[key]) if key in written else None

    return Target(
        name=name,
        engine=written.get("engine", "snowflake"),
        database=fold(written["database"]),
        schema=stored("schema") or "PUBLIC",
        connection=written.get("connection"),
        warehouse=stored("warehouse"),
        role=stored("role"),
        account=written.get("account"),
    )


def _values(document: Document, node: Node | None) -> dict[str, Value]:
    return {name: Value(plain(value), document.span_of(value)) for name, _, value in _entries(node)}


def _graph(document: Document, key: Node, node: Node) -> GraphSettings:
    values = _values(document, node)
    schedule = values.get("schedule")
    return GraphSettings(
        name=key.value,
        span=document.span_of(key),
        schedule=schedule and replace(schedule, data=snowflake_schedule(schedule.data)),
        config=values["config"].data if "config" in values else None,
        run_schema=values.get("run_schema"),
        cleanup=values.get("cleanup"),
        fuse="fuse" in values,
        options={name: value for name, value in values.items() if name in schema.GRAPH_OPTIONS},
    )


def _defaults(document: Document, node: Node | None) -> dict[str, dict[str, Value]]:
    """By folder, those of the whole project below ""."""
    folders: dict[str, dict[str, Value]] = {"": {}}
    for name, value in _values(document, node).items():
        if name in schema.HEADER:
            folders[""][name] = value
    for name, _, below in _entries(node):
        if name not in schema.HEADER:
            folders[name] = _values(document, below)
    return folders


def _tables(document: Document, source: str, node: Node, target: Target) -> Iterator[SourceTable]:
    """The tables of one source; its schema has the source's name, its database the target's, unless it says others."""
    database, source_schema = plain(child(node, "database")), plain(child(node, "schema"))
    for name, key, value in _entries(child(node, "tables")):
        written = plain(value) or {}
        stream = child(value, "stream_on")
        yield SourceTable(
            source=source,
            name=name,
            database=fold(database) if database else target.database,
            schema=fold(source_schema or source),
            columns=_columns(written.get("columns") or {}),
            span=document.span_of(key),
            stream_on=str(written.get("stream_on") or ""),
            stream_span=document.span_of(stream) if stream else None,
        )


def _columns(written: dict[str, str | None] | list[dict[str, Any]]) -> dict[str, str]:
    """Column names as Snowflake stores them, to types, "" when not known."""
    if isinstance(written, dict):
        return {fold(name): kind or "" for name, kind in written.items()}
    return {fold(column["name"]): column.get("type") or column.get("data_type") or "" for column in written}
