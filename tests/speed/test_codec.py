"""Whatever reading a file gives, comes back the same from plain data."""

import marshal
from pathlib import Path

import pytest
from markupsafe import Markup

from neve.cache.codec import Later, pack, unpack
from neve.diagnostics.model import Diagnostic, Related, Severity, Span
from neve.discover import discover
from neve.ir import Facts, Rendered, Scope
from neve.project import load_project
from neve.read import Read, Reader, modules_of
from neve.reading import KINDS
from neve.render import make_renderer

CASES = sorted((Path(__file__).parents[1] / "projects").glob("*/project.yml"))


def there_and_back(kind, value):
    return unpack(kind, marshal.loads(marshal.dumps(pack(value))))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_everything_that_the_projects_files_say(case):
    said = []
    project = load_project(case.parent, None, {}, said.append)
    files = discover(case.parent, said.append)
    macros = [file for file in files if file.kind == "macro"]
    reader = Reader(project, make_renderer(project, macros, said.append), modules_of(files))
    reads = [reader.read(file) for file in files if file.kind in KINDS]
    assert reads
    for read in reads:
        assert there_and_back(Read, read) == read


def test_findings_keep_every_part():
    found = Diagnostic(
        "NEVE502", "é", Span("a.sql", 1, 2), Severity.WARNING, "do this", (Related(Span("b.sql"), "there"),)
    )
    assert there_and_back(Read, Read(said=(found,))).said == (found,)
    assert there_and_back(Read, Read(said=(found,))).said[0].severity is Severity.WARNING


def test_data_out_of_jinja_becomes_plain():
    rendered = Rendered("x", jinja=True, config={"alias": Markup("a"), "tags": [Markup("b")], "meta": {"c": (1, 2.5)}})
    back = there_and_back(Read, Read(rendered=rendered)).rendered
    assert back.config == {"alias": "a", "tags": ["b"], "meta": {"c": (1, 2.5)}}
    assert type(back.config["alias"]) is type(back.config["tags"][0]) is str


def test_scopes_are_made_only_when_they_are_looked_at():
    facts = Facts(scopes=(Scope(merged=("A",)),))
    back = there_and_back(Facts, facts)
    assert isinstance(back.scopes, Later)
    assert back.scopes
    assert tuple(back.scopes) == facts.scopes
    assert there_and_back(Facts, Facts()).scopes == ()
