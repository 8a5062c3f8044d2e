"""The compiler takes whatever stands in a project: 2,000 broken files of the 100,000 that `make fuzz` tries."""

import pytest

from fuzz.projects import Projects
from fuzz.trials import Problem, shortest
from neve.compile import compile_project

CASES = 2000
PARTS = 8

DEEP = "(select * from (" * 200 + "t" + "))" * 200
FOUND_ONCE = {
    "a number of 20,000 digits in a macro": ("macros/m.sql", "{% macro m(a, " + "9" * 20_000 + ") %}{% endmacro %}"),
    "a deep expression in Python": ("python_tasks/p.py", "def main(session, run):\n    return " + "-" * 2000 + "1\n"),
    "deep subqueries in a block": ("tasks/load.sql", f"begin let x := {DEEP}; end"),
    "blocks in blocks": ("tasks/load.sql", "begin " * 3000 + "end; " * 3000),
    "thousands of mistakes in one line": ("tasks/plain.sql", "create table t" + " x end;" * 3000),
    "a target in IDENTIFIER": ("tasks/plain.sql", "create or replace table identifier('a.b') as select 1 as x"),
}


@pytest.fixture
def projects(tmp_path):
    return Projects(tmp_path)


def test_unbroken_the_project_compiles(projects, tmp_path):
    compiled, findings = compile_project(tmp_path)
    assert [(found.code, found.message) for found in findings.errors] == []
    assert compiled.script is not None


@pytest.mark.parametrize("name", FOUND_ONCE)
def test_what_was_found_once_is_mended(projects, name):
    path, body = FOUND_ONCE[name]
    assert projects.problem(path, body.encode()) == ""


@pytest.mark.parametrize("part", range(PARTS))
def test_broken_files_give_findings_and_no_exception(projects, part):
    for seed in range(part, CASES, PARTS):
        path, body = projects.case(seed)
        text = projects.problem(path, body)
        if text:
            least = shortest(projects, Problem(seed, path, body, text))
            pytest.fail(f"seed {seed}: {text}\n{path} with {least.body!r}")


def test_the_same_seed_breaks_the_same(projects, tmp_path_factory):
    other = Projects(tmp_path_factory.mktemp("other"))
    assert [projects.case(seed) for seed in range(20)] == [other.case(seed) for seed in range(20)]
