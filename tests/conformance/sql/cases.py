"""The case files: what a statement gives on Snowflake, by its documentation, and what the engine gives instead.

A file is an area. Its first line is `# ` and the area's name; then come statements that are run once, and rules: `## `,
a sentence, and cases of it. A case is statements (each ends with `;` at the end of a line, the last one is tried) and
what it gives, in one of three forms:

    select 1/3 as third, 'a' as letter;      select 1/3;             select 1/0;
    > THIRD NUMBER | LETTER VARCHAR          = NUMBER 0.333333       ! 100051 22012 Division by zero
    > 0.333333 | 'a'

These are names and types of the columns, and rows; the type and the value of the only column; an error's code,
SQLSTATE and text. `...` stands for any text, JSON is compact, `\\n` an end of line. After `differs: ` or `refused: `,
each with a reason, comes what the engine gives where that is not what Snowflake gives.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("cases")
_INSTEAD = re.compile(r"(differs|refused): (.+)")


@dataclass(frozen=True, slots=True)
class Case:
    """`expected` is Snowflake's answer; `given` the engine's, the same unless `status` is other than `supported`."""

    title: str
    statements: tuple[str, ...]
    expected: tuple[str, ...]
    given: tuple[str, ...]
    status: str = "supported"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    file: str
    setup: tuple[str, ...]
    cases: tuple[Case, ...]


def areas() -> list[Area]:
    """All case files, in the order of their names."""
    return [read(path) for path in sorted(FOLDER.glob("*.txt"))]


def read(path: Path) -> Area:
    head, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    name, _, setup = head.partition("\n")
    cases = tuple(case for part in parts for case in _cases(part))
    return Area(name.removeprefix("# ").strip(), path.name, _statements(setup.splitlines()), cases)


def _cases(part: str) -> Iterator[Case]:
    """The cases of one rule."""
    title, *lines = part.splitlines()
    statements, blocks, instead = list[str](), list[list[str]](), ("supported", "")
    for line in (*lines, ""):
        given = line[:2] in _GIVEN
        if found := _INSTEAD.fullmatch(line):
            instead = (found[1], found[2])
            blocks.append([])
        elif given:
            blocks = blocks or [[]]
            blocks[-1] += _block(line)
        elif blocks and line.strip():
            yield _made(title, statements, blocks, instead)
            statements, blocks, instead = [line], [], ("supported", "")
        else:
            statements.append(line)
    if blocks:
        yield _made(title, statements, blocks, instead)
    elif any(line.strip() for line in statements):
        raise ValueError(f"{title}: a statement of which nothing is expected")


_GIVEN = frozenset({"> ", "= ", "! "})


def _block(line: str) -> list[str]:
    if line.startswith("= "):
        kind, _, value = line[2:].partition(" ")
        return [f"... {kind}", value]
    return [f"error {line[2:]}" if line.startswith("! ") else line[2:]]


def _made(title: str, statements: Sequence[str], blocks: Sequence[Sequence[str]], instead: tuple[str, str]) -> Case:
    return Case(title.strip(), _statements(statements), tuple(blocks[0]), tuple(blocks[-1]), *instead)


def _statements(lines: Sequence[str]) -> tuple[str, ...]:
    found, pending = [], list[str]()
    for line in lines:
        if not line.strip() and not pending:
            continue
        pending.append(line)
        if line.rstrip().endswith(";"):
            found.append("\n".join(pending).rstrip().removesuffix(";"))
            pending = []
    if any(line.strip() for line in pending):
        raise ValueError(f"a statement without an end: {pending}")
    return tuple(found)


def shown(result: Any) -> tuple[str, ...]:
    """A result of the engine as a block."""
    kinds = [column.type.kind for column in result.columns]
    head = " | ".join(
        f"{column.name} {_NAMES.get(kind, kind)}" for column, kind in zip(result.columns, kinds, strict=True)
    )
    return (head, *(" | ".join(map(_value, kinds, row)) for row in result.rows))


_NAMES = {"FIXED": "NUMBER", "REAL": "FLOAT", "TEXT": "VARCHAR"}


def _value(kind: str, value: Any) -> str:
    if value is None:
        return "NULL"
    write = _WRITERS.get(kind)
    return write(value) if write else str(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("\n", "\\n") + "'"


def _float(value: float) -> str:
    """To fifteen digits: what follows depends on the mathematics of the processor."""
    return f"{value:.15g}"


def _compact(text: str) -> str:
    tree = json.loads(text, parse_float=_Written, parse_int=_Written)
    return _json(tree)


class _Written(str):
    """A number of JSON as it was written."""

    __slots__ = ()


def _json(tree: Any) -> str:
    if isinstance(tree, _Written):
        return str(tree)
    if isinstance(tree, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(_json, tree)) + "]"
    return json.dumps(tree, ensure_ascii=False)


_WRITERS = {
    **dict.fromkeys(("VARIANT", "OBJECT", "ARRAY"), _compact),
    "TEXT": _quoted,
    "BINARY": lambda value: bytes(value).hex().upper(),
    "BOOLEAN": lambda value: str(value).upper(),
    "REAL": _float,
}


def fits(found: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether a block is as expected; `...` stands for any text in a line."""
    return len(found) == len(expected) and all(map(_line_fits, found, expected))


def _line_fits(found: str, expected: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), found, re.DOTALL) is not None


def answers(session: Any, case: Case) -> Iterator[str]:
    """What the engine gives, as a block."""
    from neve.local.errors import SqlError

    *before, last = case.statements
    for statement in before:
        session.execute(statement)
    try:
        yield from shown(session.execute(last))
    except SqlError as error:
        yield f"error {error.code:06d} {error.sqlstate} {' '.join(error.message.split())}"
