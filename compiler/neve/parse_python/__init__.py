"""What a Python task does, read from its syntax tree; nothing of it is imported or run.

Offsets count from the start of the file. A reference whose name does not stand in the file as one piece (it is put
together, or stands in a helper module) has an empty range: nothing can be replaced there.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from neve.diagnostics.model import Diagnostic, Say, Severity, Span
from neve.ir import Facts, Header, Reference, ReturnRead, ReturnValue, SourceFile
from neve.parse_python.calls import Call, ConfigRead, Found, Returns, UnknownTable, Unread, read_calls
from neve.parse_python.imports import helper_of, refused, wanted
from neve.parse_python.source import Module, main_of, read_module, returned, sessions_of
from neve.parse_python.text import UNKNOWN, Strings
from neve.schema import DEFAULT_RUNTIME

SYNTAX = "NEVE212"
HANDLER = "NEVE213"
UNREADABLE = "NEVE211"


def parse_python(file: SourceFile, header: Header, files: Mapping[str, SourceFile], say: Say) -> Facts | None:
    """The facts of a task's file; None after an error in it. `files` are those of python_tasks/ by name.

    `imports` lists the helper modules that it needs, each before those that need it.
    """
    runtime = header.get("runtime_version", DEFAULT_RUNTIME)
    module = _read(file, runtime, say)
    main = main_of(module.tree) if module else None
    if module is None:
        return None
    if main is None or isinstance(main, ast.AsyncFunctionDef) or len(_parameters(main)) != 2:
        say(_handler(module, main))
        return None
    used, broken = _helpers(module, files, runtime, say)
    missing = [one for part in (module, *used.values()) for one in refused(part, files, header.get("packages", []))]
    for diagnostic in missing:
        say(diagnostic)
    if broken or missing:
        return None
    session, run = _parameters(main)
    strings = Strings(module, used, run, sessions=sessions_of(module.tree, session))
    helpers = [replace(strings, module=one, sessions=sessions_of(one.tree, session)) for one in used.values()]
    imported = {id(helper): _import_of(module, name, used) for name, helper in used.items()}
    found = [
        one if said is module else _at(one, imported[id(said)])
        for said, one in read_calls([strings, *helpers], main)
        if said is module or _matters(one)
    ]
    declared = header.get("reads") is not None or header.get("writes") is not None
    for one in found:
        if isinstance(one, Unread | UnknownTable) and not declared:
            say(_unread(one, file))
    values = [value for node in returned(main) for value in _values(strings, module, node)]
    return _facts(found, tuple(used), values)


def _values(strings: Strings, module: Module, node: ast.expr) -> Iterator[ReturnValue | None]:
    """The texts of which one is returned, as far as they are known; None for one that is not."""
    if isinstance(node, ast.IfExp):
        yield from _values(strings, module, node.body)
        yield from _values(strings, module, node.orelse)
        return
    text = strings.read(node)
    known = text is not None and not any(f'"{unknown}' in text.value for unknown in UNKNOWN)
    yield ReturnValue(text.value, *module.span(node)) if text and known else None


def _facts(found: list[Found], imports: tuple[str, ...], returned: list[ReturnValue | None]) -> Facts:
    by_hand = any(isinstance(one, Returns) for one in found)
    known = [value for value in returned if value is not None]
    return Facts(
        references=tuple(sorted((one for one in found if isinstance(one, Reference)), key=lambda one: one.start)),
        returned=tuple(one for one in found if isinstance(one, ReturnRead)),
        config_keys=tuple((one.path, one.start, one.end) for one in found if isinstance(one, ConfigRead)),
        calls=tuple(one.name for one in found if isinstance(one, Call)),
        imports=imports,
        returns=bool(returned) or by_hand,
        values=tuple(known) if known and len(known) == len(returned) and not by_hand else None,
    )


def _read(file: SourceFile, runtime: str, say: Say) -> Module | None:
    try:
        return read_module(file, runtime)
    except SyntaxError as error:
        say(Diagnostic(SYNTAX, f"Python cannot read this: {error.msg}", _span(file, error)))
    except (ValueError, RecursionError, MemoryError) as error:
        say(Diagnostic(SYNTAX, f"Python cannot read this file: {error}", Span(file.path)))
    return None


def _span(file: SourceFile, error: SyntaxError) -> Span:
    lines = file.text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    start = sum(len(before) + 1 for before in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
    start = min(start, len(file.text))
    same_line = error.end_lineno == error.lineno and (error.end_offset or 0) > (error.offset or 1)
    length = (error.end_offset or 0) - (error.offset or 1) if same_line else 1
    return Span(file.path, start, min(start + length, len(file.text)))


def _parameters(main: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [argument.arg for argument in (*main.args.posonlyargs, *main.args.args)]


def _handler(module: Module, main: ast.FunctionDef | ast.AsyncFunctionDef | None) -> Diagnostic:
    path = module.file.path
    if main is None:
        return Diagnostic(
            HANDLER, "This Python task has no function `main`", Span(path), hint="Write `def main(session, run):`."
        )
    start = module.span(main)[0]
    line_end = module.file.text.find("\n", start)
    span = Span(path, start, line_end if line_end >= 0 else len(module.file.text))
    what = "cannot be async" if isinstance(main, ast.AsyncFunctionDef) else "takes exactly two arguments"
    return Diagnostic(HANDLER, f"`main` {what}", span, hint="Write `def main(session, run):`.")


def _helpers(
    module: Module, files: Mapping[str, SourceFile], runtime: str, say: Say
) -> tuple[Mapping[str, Module], bool]:
    """The helper modules that a file needs, each after those that it needs itself; and whether one is broken."""
    found: dict[str, Module] = {}
    broken = False
    opened: set[str] = set()

    def visit(importer: Module) -> None:
        nonlocal broken
        for one in wanted(importer.tree):
            helper = None if one.relative or one.name in opened else helper_of(one.name, files)
            if helper is not None:
                opened.add(one.name)
                read = _read(helper, runtime, say)
                broken = broken or read is None
                if read is not None:
                    visit(read)
                    found[one.name] = read

    visit(module)
    return found, broken


def _import_of(module: Module, name: str, used: Mapping[str, Module]) -> int:
    """Where the task imports a helper, or the first of its helpers when another helper does."""
    places = {one.name: module.span(one.node)[0] for one in wanted(module.tree) if one.name in used}
    return places.get(name, min(places.values(), default=0))


def _matters(found: Found) -> bool:
    return isinstance(found, Reference | ReturnRead | ConfigRead | Call | Returns)


def _at(found: Found, start: int) -> Found:
    if isinstance(found, Call):
        return Call(replace(found.name, start=start, end=start))
    if isinstance(found, Reference):
        return replace(found, start=start, end=start)
    if isinstance(found, ReturnRead):
        return replace(found, start=start, end=start)
    if isinstance(found, ConfigRead):
        return replace(found, start=start, end=start)
    return found


def _unread(found: Unread | UnknownTable, file: SourceFile) -> Diagnostic:
    if isinstance(found, Unread):
        why = f"{found.message[0].lower()}{found.message[1:]}"
        message = f"What this SQL reads and writes cannot be told: {why}"
    else:
        message = "Which table this is will be known only in the run"
    return Diagnostic(
        UNREADABLE,
        message,
        Span(file.path, found.start, found.end),
        Severity.WARNING,
        hint="Say it in the header: `reads: [...]`, `writes: [...]`.",
    )
