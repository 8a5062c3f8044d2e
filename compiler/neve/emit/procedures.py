"""A Python task's procedure: helper modules, the user's file, and the shim that calls it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from neve.emit.plain import plain
from neve.emit.text import Context, Edit, apply, table
from neve.ir import CodeMap, Node, SourceFile
from neve.names import quote_identifier
from neve.nodes import around_run_id, has_run_schema, schema_of

_FUTURE = re.compile(r"^from[ \t]+__future__[ \t]+import[ \t]+(?:\([^)]*\)|[^\n#;]*)", re.MULTILINE)
_MODULES = """\
def neve_module(name, path, text):
    import sys, types

    sys.modules[name] = module = types.ModuleType(name)
    module.__file__ = path
    exec(compile(text, path, "exec"), module.__dict__)

"""


@dataclass(frozen=True, slots=True)
class Code:
    """The text between a procedure's $$ marks, and where its lines come from."""

    text: str
    code_map: tuple[CodeMap, ...]


def code(context: Context, node: Node, helpers: Mapping[str, SourceFile]) -> Code:
    """The code of a task. Its first line is the empty rest of the line of the opening mark."""
    future, text, first = _user_code(context, node)
    before = "\n" + (f"{future}\n" if future else "") + "".join(_helper_modules(node, helpers))
    line = before.count("\n") + 1
    mapped = CodeMap(line, node.file.path, first, text.count("\n"))
    return Code(before + text + _shim() + _handler(context, node), (mapped,))


def _user_code(context: Context, node: Node) -> tuple[str, str, int]:
    """The imports from `__future__`, which must come first; the file below its header, and the line it begins in."""
    text, start = node.file.text, node.header.body
    edited = apply(text[start:], [edit for edit in _edits(context, node) if edit.start >= start], start)
    futures = "".join(" ".join(found.split()) + "\n" for found in _FUTURE.findall(edited))
    edited = _FUTURE.sub(lambda found: "\n" * found[0].count("\n"), edited)
    stripped = edited.lstrip("\n")
    first = text.count("\n", 0, start) + 1 + len(edited) - len(stripped)
    return futures, stripped.rstrip("\n") + "\n\n\n", first


def _edits(context: Context, node: Node) -> Iterator[Edit]:
    """Names are spelled out where the session's own schema would not find them."""
    home = schema_of(context.project, node)
    for reference, relation in node.links:
        unqualified = len(reference.parts) == 1 and relation.schema == home
        if reference.start < reference.end and relation.schema is not None and not unqualified:
            yield Edit(reference.start, reference.end, table(relation, {}))


def _helper_modules(node: Node, helpers: Mapping[str, SourceFile]) -> Iterator[str]:
    if node.facts.imports:
        yield _MODULES
    for name in node.facts.imports:
        helper = helpers[name]
        yield f"\nneve_module({name!r}, {helper.path!r}, {_literal(helper.text)})\n"
    if node.facts.imports:
        yield "\n"


def _literal(text: str) -> str:
    """A file as a string literal that reads like the file, when that can be."""
    for quote in ('"""', "'''"):
        if quote not in text and text.endswith("\n"):
            return f"{'r' if chr(92) in text else ''}{quote}{text}{quote}"
    return repr(text)


@cache
def _shim() -> str:
    return plain(files("neve").joinpath("shim.py").read_text(encoding="utf-8"))


def _handler(context: Context, node: Node) -> str:
    arguments = ["main", "session"]
    project, home = context.project, schema_of(context.project, node)
    database = quote_identifier(project.target.database)
    settings = project.graphs.get(node.graph or "")
    if settings and has_run_schema(project, node.graph) and settings.run_schema:
        name = f"{database}.{'{run_id}'.join(around_run_id(settings))}"
        arguments.append(f"run_schema={name!r}")
        if home is None:
            arguments.append("schema='run'")
    if home is not None and home != project.target.schema:
        arguments.append(f"schema={f'{database}.{quote_identifier(home)}'!r}")
    return f"\n\ndef neve_handler(session):\n    return neve_call({', '.join(arguments)})\n"
