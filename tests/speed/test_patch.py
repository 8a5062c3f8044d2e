"""A script in which only some models' statements are written again is the one that a whole compilation gives."""

import inspect
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neve import compile as passes
from neve.check import RULES, TEXT_RULES, columns
from neve.cli.main import main
from neve.compile import compile_project
from neve.diagnostics import json as findings_as_json
from neve.discover import reader
from neve.ir import Facts

PROJECT = """\
name: shop
vars: {since: '2024-01-01'}
graphs:
  nightly: {schedule: 24 hours, run_schema: 'RUN_{run_id}'}
  fused: {schedule: 1 hour, fuse: chains}
defaults: {graph: nightly}
targets:
  prod: {database: SHOP, schema: JOBS, warehouse: WH}
sources:
  raw: {database: LANDING, tables: {orders: {columns: {id: int, state: text, amount: float}}, clicks: {}}}
"""
MACRO = "{% macro cents(column) %}({{ column }} / 100){% endmacro %}"
PLAIN = "select id, state, {} as size from {}"
MODELS = {
    "a_view": ("", "raw.orders"),
    "with_tests": (
        "materialized: table\ncolumns: [{name: id, data_tests: [not_null, {relationships: {to: a_view, field: id}}]}]",
        "a_view",
    ),
    "of_run": ("materialized: table\nschema: run", "with_tests"),
    "late_view": ("schema: run", "of_run"),
    "merged": ("materialized: incremental\nunique_key: id", "of_run"),
    "replaced": ("materialized: incremental\nunique_key: id\nincremental_strategy: delete+insert", "merged"),
    "lagging": ("materialized: dynamic_table\ntarget_lag: 1 hour\nwarehouse: OTHER", "with_tests"),
    "inlined": ("materialized: ephemeral", "a_view"),
    "over_inlined": ("materialized: table\ntransient: true", "inlined"),
    "first_of_chain": ("materialized: table\ngraph: fused", "raw.orders"),
    "last_of_chain": ("materialized: table\ngraph: fused\ntags: [x]", "first_of_chain"),
    "of_everything": ("materialized: table", "lagging"),
}
HARMLESS = ["1", "amount * 2", "length('é;\n-- models/merged.sql\n')", "{{ cents('id') }}", "'{{ var(\"since\") }}'"]
NOT_ALONE = {"inlined", "over_inlined", "first_of_chain", "last_of_chain"}


def text(name, size="1", header=None, body=PLAIN):
    written, source = MODELS[name]
    size = size if MODELS[name][1] == "raw.orders" else size.replace("amount", "size")
    return f"/*---\n{written if header is None else header}\n---\nAbout {name}.\n*/\n{body.format(size, source)}\n"


def write(root, path, content):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(content)


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "project")


def new_project(root):
    write(root, "project.yml", PROJECT)
    write(root, "macros/cents.sql", MACRO)
    for name in MODELS:
        write(root, f"models/{name}.sql", text(name))
    assert neve(root)[0] == 0
    return root


def neve(root):
    """Exit code, findings and script of the command."""
    done = CliRunner().invoke(main, ["compile", "-C", str(root), "-t", "prod", "--format", "json"])
    script = root / "deploy" / "prod.sql"
    return done.exit_code, done.stdout, script.read_text() if done.exit_code == 0 else None


def cold(root):
    compiled, said = compile_project(root, "prod")
    script = compiled.script.text if compiled and compiled.script and not said.errors else None
    return int(script is None), findings_as_json.render(said, reader(root)), script


def assert_right(root):
    found, expected = neve(root), cold(root)
    assert (found[0], json.loads(found[1]), found[2]) == (expected[0], json.loads(expected[1]), expected[2])


@pytest.fixture
def no_pass(monkeypatch):
    def switch(*, on):
        no = lambda *_: pytest.fail("compiled everything")  # noqa: E731
        monkeypatch.setattr(passes, "compile_project", no if on else compile_project)

    return switch


@pytest.mark.parametrize("name", sorted(set(MODELS) - NOT_ALONE))
def test_a_model_is_written_again_without_the_others(project, no_pass, name):
    for size in HARMLESS:
        write(project, f"models/{name}.sql", text(name, size))
        no_pass(on=True)
        patched = neve(project)
        no_pass(on=False)
        assert patched[0] == 0
        assert patched[2] == cold(project)[2]
        assert "size" in patched[2]


def test_all_that_a_text_does_is_compared():
    compared = {
        "references",
        "returned",
        "config_keys",
        "calls",
        "statements",
        "imports",
        "returns",
        "values",
        "result",
    }
    checked_again = {"scopes"}
    assert {field.name for field in fields(Facts)} == compared | checked_again, "see neve.patch.slices"


def test_the_rules_that_look_at_texts_look_again():
    looking = {rule for rule in RULES if "rendered.text" in Path(inspect.getfile(rule)).read_text()}
    assert looking == {*TEXT_RULES, columns.check}, "columns are checked again by check_node"


def test_a_model_that_sets_a_return_value(project):
    for size in ("1", "2"):
        write(project, "models/of_everything.sql", text("of_everything", f"system$set_return_value('{size}')"))
        assert_right(project)


def test_several_models_at_once(project, no_pass):
    for name in ("a_view", "merged", "lagging"):
        write(project, f"models/{name}.sql", text(name, "7"))
    no_pass(on=True)
    patched = neve(project)
    no_pass(on=False)
    assert patched[2] == cold(project)[2]


SEEN = {
    "a column less": {"body": "select id, {} as size from {}"},
    "another name of a column": {"body": "select id, state, {} as sise from {}"},
    "a table more": {"body": "select id, state, {} as size from {}, raw.clicks"},
    "no table": {"body": "select 1 as id, 'x' as state, {} as size"},
    "a description": {"header": "description: Another."},
    "a column that is not there": {"size": "nothing"},
    "a mark in a block": {"size": "'$$'"},
    "another statement": {"body": "select id, state, {} as size from {}; select 1"},
    "not one that can be read": {"body": "select id, state, {} as from from {} )"},
    "an unknown variable": {"size": "{{ var('nothing') }}"},
    "a setting": {"body": "{{{{ config(tags=['b']) }}}}select id, state, {} as size from {}"},
    "another table of the name": {"body": "select id, state, {} as size from {} as with_tests"},
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("name", ["a_view", "with_tests", "over_inlined", "merged"])
def test_whatever_others_see_is_compiled_as_a_whole(project, name, change):
    write(project, f"models/{name}.sql", text(name, **change))
    assert_right(project)
    write(project, f"models/{name}.sql", text(name, "3"))
    assert_right(project)


def test_a_script_that_somebody_changed_is_written_anew(project):
    write(project, "models/a_view.sql", text("a_view", "5"))
    script = project / "deploy" / "prod.sql"
    script.write_text(script.read_text().replace("SHOP", "SHED"))
    assert_right(project)


@pytest.mark.parametrize("name", ["last", "slices"])
def test_what_is_damaged_or_of_another_compilation_is_not_used(project, name):
    kept = project / ".neve" / "cache" / name
    of_before = kept.read_bytes()
    for content in (of_before[:-1], of_before[:40] + b"x" + of_before[41:], b"", of_before):
        write(
            project,
            "models/a_view.sql",
            text("a_view", body=f"select {len(content)} as id, state, {{}} as size from {{}}"),
        )
        write(project, "models/lagging.sql", text("lagging", str(len(content)), header="materialized: view"))
        kept.write_bytes(content)
        assert_right(project)
        write(project, "models/a_view.sql", text("a_view"))
        assert_right(project)


def test_a_finding_in_a_changed_model_keeps_its_right_place(project):
    write(project, "models/a_view.sql", text("a_view", body="select id, state, {} as size from raw.orders, raw.orders"))
    assert_right(project)
    for size in ("2", "\n\n3"):
        write(project, "models/merged.sql", text("merged", size, header="materialized: incremental\nwarehouse: ''"))
        assert_right(project)


EDITS = st.tuples(
    st.sampled_from(sorted(MODELS)),
    st.one_of(st.sampled_from(HARMLESS).map(lambda size: {"size": size}), st.sampled_from(list(SEEN.values()))),
)
OTHERS = st.sampled_from(
    [
        ("macros/cents.sql", MACRO.replace("100", "10")),
        ("macros/cents.sql", MACRO),
        ("project.yml", PROJECT.replace("2024", "2025")),
        ("project.yml", PROJECT),
        ("models/more.sql", "select 1 as x"),
        ("python_tasks/p.py", "def main(session):\n    session.table('a_view')\n"),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=3), st.none() | OTHERS), min_size=1, max_size=5))
def test_any_edits_give_what_a_whole_compilation_gives(tmp_path_factory, rounds):
    root = new_project(tmp_path_factory.mktemp("project"))
    for edits, other in rounds:
        for name, change in edits:
            write(root, f"models/{name}.sql", text(name, **change))
        if other:
            write(root, *other)
        assert_right(root)


def test_the_generated_change_is_such_an_edit(tmp_path, no_pass):
    generate = Path(__file__).parents[2] / "benchmarks" / "generate.py"
    root = tmp_path / "project"
    subprocess.run([sys.executable, generate, "--models", "40", root], check=True, timeout=60)
    assert neve(root)[0] == 0
    subprocess.run([sys.executable, generate, "--change", root], check=True, timeout=60)
    no_pass(on=True)
    assert neve(root)[2] == cold(root)[2]


def test_a_model_that_is_no_text_any_more_is_told(project):
    (project / "models" / "a_view.sql").write_bytes(b"select '\xff' as id")
    assert_right(project)
    assert "NEVE112" in neve(project)[1]
