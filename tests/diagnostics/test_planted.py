"""A mistake is reported where it stands: the examples of all pages again, with other text before the mistake.

Comments, blank lines, Jinja and characters of four bytes are put in front of it; or all of it moves into a macro.
"""

import random
import re

import pytest

from diagnostics.pages import project_of, write_project
from neve.compile import compile_project
from neve.diagnostics import codes
from neve.diagnostics.model import Span

HEADER = re.compile(r'\A(?:/\*|""")---[ \t]*\n.*?^---[ \t]*\n.*?(?:\*/|""")\n', re.MULTILINE | re.DOTALL)
OPENING = ("/*---", '"""---')
PADDING = {
    "yaml": ("# é𝄞\n", "# x: [\n", "\n"),
    "macro": ("{# é𝄞 #}", "{% if true %}\n{% endif %}", "\n\n"),
    "python": ("# é𝄞 '''\n", "# {{ x }}\n", "\n"),
    "sql": (
        "-- é𝄞\n",
        "/* {} */ ",
        "{# gone #}",
        "{% if true %} {% endif %}\n",
        "{% for i in [1, 2] %}-- {{ i }}\n{% endfor %}",
        "{% set planted = 'nowhere' %}",
        "\n\n",
    ),
}
MACRO = "{% macro planted() %}"
SEEDS = 2
MANY = 100


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_what_stands_before_a_mistake_moves_its_place_and_nothing_else(code, tmp_path_factory):
    files = project_of(codes.explain(code))
    plain = said(files, tmp_path_factory.mktemp("plain"))
    assert code in {found for found, *_ in plain}
    for seed in range(SEEDS if len(files) < MANY else 1):
        dice = random.Random(f"{code} {seed}")
        put_in = {path: list(paddings(path, decoded(body), dice)) for path, body in files.items()}
        padded = {path: with_paddings(body, put_in[path]) for path, body in files.items()}
        wanted = [(found, *(moved(span, put_in) for span in spans)) for found, *spans in plain]
        assert said(padded, tmp_path_factory.mktemp("padded")) == sorted(wanted, key=order), padded


def decoded(body):
    return body.decode(errors="surrogateescape")


def said(files, root):
    """Each finding as its code, its place and the places that explain it."""
    write_project(root, files)
    _, findings = compile_project(root)
    return sorted(((one.code, one.span, *(related.span for related in one.related)) for one in findings), key=order)


def order(found):
    return (found[0], *(span or Span("") for span in found[1:]))


def paddings(path, text, dice):
    """What to put into a file, and where: in its header and before its own text."""
    kind = "yaml" if path.startswith("project.y") else "python" if path.endswith(".py") else "sql"
    kind = "macro" if path.startswith("macros/") else kind
    header = HEADER.match(text)
    if text.startswith(OPENING):
        yield text.index("\n") + 1, some("yaml", dice)
    if header or not text.startswith(OPENING):
        yield header.end() if header else 0, some(kind, dice)


def some(kind, dice):
    return "".join(dice.choices(PADDING[kind], k=dice.randrange(1, 5)))


def with_paddings(body, put_in):
    text = decoded(body)
    for start, padding in sorted(put_in, reverse=True):
        text = text[:start] + padding + text[start:]
    return text.encode(errors="surrogateescape")


def moved(span, put_in):
    """A place after the padding; one without an extent at the start of a file means the whole file."""
    if span is None or span == Span(span.path):
        return span
    by = sum(len(padding) for start, padding in put_in.get(span.path, ()) if start <= span.start)
    return Span(span.path, span.start + by, span.end + by)


IN_SQL = (203, 204, 206, 210, 214, 303, 305, 306, 308, 311, 312, 404, 409, 413, 414, 501, 502)
"""The codes whose example has the mistake in the own text of a model or a task."""


@pytest.mark.parametrize("code", [f"NEVE{number}" for number in IN_SQL])
def test_a_mistake_in_a_macro_is_reported_there(code, tmp_path_factory):
    files = project_of(codes.explain(code))
    plain = said(files, tmp_path_factory.mktemp("plain"))
    path = next(span.path for found, span, *_ in plain if found == code and in_body(span, files))
    text = decoded(files[path])
    start = HEADER.match(text).end() if HEADER.match(text) else 0
    inside = {
        **files,
        path: (text[:start] + "{{ planted() }}").encode(),
        "macros/planted.sql": f"{MACRO}{text[start:]}{{% endmacro %}}".encode(),
    }
    by = len(MACRO) - start

    def into_macro(span):
        if span is None or span.path != path or span.start < start or span == Span(path):
            return span
        return Span("macros/planted.sql", span.start + by, span.end + by)

    wanted = sorted(((found, into_macro(span)) for found, span, *_ in plain), key=order)
    assert [one[:2] for one in said(inside, tmp_path_factory.mktemp("macro"))] == wanted


def in_body(span, files):
    """Whether a place is in the own text of a model or a task in SQL."""
    if span is None or not span.path.startswith(("models/", "tasks/")) or span == Span(span.path):
        return False
    header = HEADER.match(decoded(files[span.path]))
    return span.start >= (header.end() if header else 0)
