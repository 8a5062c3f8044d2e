"""Front matter: the YAML at the top of a file's leading comment or docstring."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.ir import Header, Project, Rendered, SourceFile, Value
from neve.schedule import snowflake_schedule
from neve.schema import HEADER, HEADER_SCHEMA
from neve.validate import Problem, problems

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_SQL_OPENING = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z))*/\*---[ \t]*\n")
_PYTHON_OPENING = re.compile(r'(?:\s|#[^\n]*(?:\n|\Z))*[rR]?("""|\'\'\')---[ \t]*\n')
_WORD = {"model": "a model", "task": "a SQL task", "python_task": "a Python task"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the fences, and where; `end` is where the comment or docstring ends."""

    yaml: str
    start: int
    description: str
    end: int


def read_header(file: SourceFile, project: Project, say: Say) -> Header | None:
    """A file's header over the defaults of its folders (NEVE102 to 105, 109, 113, 115).

    None when the front matter cannot be read at all. Keys that are wrong are said and left out.
    """
    own = own_header(file, say)
    return own and with_defaults(own, file, project)


def own_header(file: SourceFile, say: Say) -> Header | None:
    """What a file's front matter says, without any defaults; as `read_header` otherwise."""
    front = front_matter(file, say)
    if front is None:
        return None
    own = _own(file, front, say) if front.yaml.strip() else {}
    if own is None:
        return None
    description = own["description"].data if "description" in own else front.description
    return Header(own, description, front.end)


def with_defaults(header: Header, file: SourceFile, project: Project) -> Header:
    """The header of a file over the defaults of the project and of each folder above the file."""
    defaults = _defaults(file, project)
    return Header({**defaults, **header.values}, header.description, header.body) if defaults else header


def front_matter(file: SourceFile, say: Say) -> FrontMatter | None:
    """The front matter of a SQL or Python file, an empty one when it has none; None when it has no end (NEVE109)."""
    text, python = file.text, file.path.endswith(".py")
    opening = (_PYTHON_OPENING if python else _SQL_OPENING).match(text)
    if opening is None:
        return FrontMatter("", 0, "", 0)
    start = opening.end()
    closing = _FENCE.search(text, start)
    mark = opening[1] if python else "*/"
    end = text.find(mark, closing.end() if closing else start)
    if closing is None or end < 0:
        _unclosed(file, start, closing is None, mark, say)
        return None
    behind = end + len(mark)
    if not python and (rest := re.compile(r"[ \t]*\n").match(text, behind)):
        behind = rest.end()
    return FrontMatter(text[start : closing.start()], start, _tidy(text[closing.end() : end]), behind)


def _unclosed(file: SourceFile, start: int, no_fence: bool, mark: str, say: Say) -> None:  # noqa: FBT001
    fence = file.text.rindex("---", 0, start)
    missing = "---" if no_fence else mark
    hint = f"Write `{mark}` below the description."
    if no_fence:
        hint = f"End the YAML with a line `---`; below it come the description and `{mark}`."
    message = f"This front matter has no closing `{missing}`"
    say(Diagnostic("NEVE109", message, Span(file.path, fence, fence + 3), hint=hint))


def _tidy(text: str) -> str:
    """A description as one paragraph a paragraph: lines joined, indentation gone."""
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _own(file: SourceFile, front: FrontMatter, say: Say) -> dict[str, Value] | None:
    from neve.yamltext import read_yaml

    if _jinja(file, front, say):
        return None
    found = read_yaml(front.yaml, file.path, front.start, say)
    if found is None:
        return None
    document, data = found
    faults = list(header_problems({} if data is None else data, file))
    for fault in faults:
        span = document.key_span(fault.keys) if fault.at_key else document.span(fault.keys)
        say(Diagnostic(fault.code, fault.message, span, hint=fault.hint))
    wrong = {fault.keys[0] if fault.keys else None for fault in faults}
    if None in wrong:
        return None
    spans = document.spans()
    return {key: Value(_normal(key, value), spans[key]) for key, value in (data or {}).items() if key not in wrong}


def header_problems(data: Any, file: SourceFile) -> Iterator[Problem]:
    """What is wrong with header keys in this file (NEVE103, 104, 108, 113)."""
    yield from problems(data, HEADER_SCHEMA)
    for key in data if isinstance(data, dict) else ():
        if key in HEADER and file.kind not in HEADER[key].kinds:
            kinds = " or ".join(_WORD[kind] for kind in sorted(HEADER[key].kinds))
            message = f"`{key}` has no meaning in {_WORD[file.kind]}; it belongs to {kinds}"
            yield Problem("NEVE113", message, (key,), "Remove it.", at_key=True)


def item_span(file: SourceFile, value: Value, *keys: str | int) -> Span:
    """The place of what `keys` lead to inside a header's value, such as one of the names of `after:`.

    The YAML is read again for it, so this is for errors; a value from project.yml is marked as a whole.
    """
    from neve.yamltext import read_yaml

    front = front_matter(file, lambda _: None)
    found = read_yaml(front.yaml, file.path, front.start, lambda _: None) if front else None
    if found is None or value.span.path != file.path:
        return value.span
    document, _ = found
    key = next((key for key, span in document.spans().items() if span == value.span), None)
    return value.span if key is None else document.span([key, *keys])


def origin(file: SourceFile, rendered: Rendered) -> Span | None:
    """The place in a header of which a text was made that stands in no file, such as that of a data test; else None."""
    return item_span(file, Value(None, rendered.span), *rendered.keys) if rendered.span else None


def with_config(header: Header, rendered: Rendered) -> Header:
    """The header with what `config(...)` in the body says laid over it."""
    said = {key: Value(data, rendered.config_spans[key]) for key, data in rendered.config.items()}
    return replace(header, values={**header.values, **said}) if said else header


def _jinja(file: SourceFile, front: FrontMatter, say: Say) -> bool:
    found = re.search(r"\{\{|\{%", front.yaml)
    if found:
        at = front.start + found.start()
        hint = "Write the value itself. What differs by target or folder belongs into project.yml."
        say(Diagnostic("NEVE115", "Headers are read without Jinja", Span(file.path, at, at + 2), hint=hint))
    return bool(found)


def _normal(key: str, value: Any) -> Any:
    return snowflake_schedule(value) if key == "schedule" else value


def _defaults(file: SourceFile, project: Project) -> dict[str, Value]:
    """The defaults of the project and of each folder above the file, the nearest last; only keys for such a file."""
    merged = dict(project.defaults.get("", {}))
    folders = file.path.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        merged.update(project.defaults.get("/".join(folders[:depth]), {}))
    return {key: value for key, value in merged.items() if file.kind in HEADER[key].kinds}
