"""Graphs: order, edges, circles; by example, and for any set of dependencies."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neve.compile import compile_project
from neve.graph import members

PROJECT = "name: p\ngraphs: {g: {}}\ntargets: {local: {engine: local, database: D, schema: S}}\n"


def build(root, files):
    for path, text in ({"project.yml": PROJECT} | files).items():
        file = Path(root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return compile_project(Path(root))


def after(compiled):
    return {task.name: set(task.after) for task in members(compiled.graphs["g"])}


@st.composite
def dependencies(draw):
    """For each of some tasks those of lower number that it reads from."""
    count = draw(st.integers(1, 12))
    return [sorted(draw(st.sets(st.integers(0, i - 1), max_size=4))) if i else [] for i in range(count)]


def files_of(reads):
    return {
        f"tasks/t{i}.sql": f"create or replace table o{i} as select 1 as x "
        + " ".join(f"union all select x from o{j}" for j in before)
        for i, before in enumerate(reads)
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dependencies())
def test_any_acyclic_set_of_reads_becomes_a_graph(tmp_path_factory, reads):
    compiled, findings = build(tmp_path_factory.mktemp("p"), files_of(reads))
    assert not findings.errors
    edges = after(compiled)
    names = list(edges)
    assert names[0] == "G"
    assert all(names.index(one) < names.index(task) for task, before in edges.items() for one in before)
    assert all(edges[task] for task in names[1:]), "every child hangs below something"
    assert {t: ancestors(edges, t) - {"G"} for t in names[1:]} == {
        f"G$T{i}": {f"G$T{j}" for j in closure(reads, i)} for i in range(len(reads))
    }
    assert all(one not in ancestors(edges, other) for task in names for one in edges[task] for other in edges[task])


def ancestors(edges, task):
    return edges[task].union(*(ancestors(edges, one) for one in edges[task]))


def closure(reads, i):
    return set(reads[i]).union(*(closure(reads, j) for j in reads[i]))


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_is_said_with_its_path_and_every_place(tmp_path, length):
    files = {f"tasks/t{i}.sql": f"insert into o{i} select * from o{(i + 1) % length}" for i in range(length)}
    if length == 1:
        files = {"models/t0.sql": "/*---\nmaterialized: table\nafter: t0\n---\n*/\nselect 1 as x"}
    _, findings = build(tmp_path, files)
    (found,) = findings.errors
    assert found.code == "NEVE305"
    assert found.message.endswith(" → ".join([f"t{i}" for i in range(length)] + ["t0"]))
    assert len(found.related) == length - 1


def test_two_circles_are_both_said(tmp_path):
    files = {
        "models/a.sql": "select * from b",
        "models/b.sql": "select * from a",
        "models/c.sql": "select * from d",
        "models/d.sql": "select * from c",
    }
    _, findings = build(tmp_path, files)
    assert [found.message.partition(": ")[2] for found in findings.errors] == ["a → b → a", "c → d → c"]


def test_an_edge_that_is_stated_goes_before_one_that_follows_from_tables(tmp_path):
    files = {
        "tasks/take.sql": "insert into taken select * from inbox",
        "tasks/fill.sql": "insert into inbox values (1)",
        "tasks/purge.sql": "/*---\nafter: take\n---\n*/\ndelete from inbox",
    }
    compiled, findings = build(tmp_path, files)
    assert not findings.errors
    assert after(compiled)["G$TAKE"] == {"G$FILL"}
    assert after(compiled)["G$PURGE"] == {"G$TAKE"}


def test_views_and_ephemeral_models_are_looked_through(tmp_path):
    files = {
        "tasks/load.sql": "create or replace table raw as select 1 as x",
        "models/base.sql": "/*---\nmaterialized: table\n---\n*/\nselect * from raw",
        "models/seen.sql": "select * from base",
        "models/inline.sql": "/*---\nmaterialized: ephemeral\n---\n*/\nselect * from seen",
        "tasks/use.sql": "insert into used select * from inline",
    }
    compiled, findings = build(tmp_path, files)
    assert not findings.errors
    assert after(compiled)["G$BASE"] == {"G$LOAD"}
    assert "G$BASE" in ancestors(after(compiled), "G$USE")


def test_files_that_are_not_enabled_are_left_out(tmp_path):
    compiled, _ = build(
        tmp_path, {"tasks/a.sql": "/*---\nenabled: false\n---\n*/\nselect 1", "tasks/b.sql": "select 1"}
    )
    assert set(after(compiled)) == {"G", "G$B"}


def test_what_a_broken_file_may_make_is_not_said_to_be_missing(tmp_path):
    files = {
        "tasks/make.sql": "create table made as selec",
        "tasks/use.sql": "/*---\nafter: make\n---\n*/\nselect * from made",
    }
    _, findings = build(tmp_path, files)
    assert {found.span.path for found in findings.errors} == {"tasks/make.sql"}


def test_more_than_100_children_and_predecessors_get_relays(tmp_path):
    files = {f"tasks/t{i:03}.sql": f"create or replace table o{i} as select {i} as x" for i in range(250)}
    files["tasks/all_of_them.sql"] = "create or replace table a as " + " union all ".join(
        f"select x from o{i}" for i in range(250)
    )
    compiled, findings = build(tmp_path, files)
    assert not findings.errors
    edges = after(compiled)
    assert edges["G$T000"] == {"G$ROOT_OUTPUTS_1"}
    assert edges["G$T249"] == {"G$ROOT_OUTPUTS_3"}
    assert edges["G$ROOT_OUTPUTS_2"] == {"G"}
    assert edges["G$ALL_OF_THEM"] == {"G$ALL_OF_THEM_INPUTS_1", "G$ALL_OF_THEM_INPUTS_2", "G$ALL_OF_THEM_INPUTS_3"}
    assert max(map(len, edges.values())) == 100
    assert all(sum(task in before for before in edges.values()) <= 100 for task in edges)
    names = list(edges)
    assert all(names.index(one) < names.index(task) for task, before in edges.items() for one in before)
    assert {f"G$T{i:03}" for i in range(250)} < ancestors(edges, "G$ALL_OF_THEM")


def test_a_relay_takes_no_name_that_a_task_has(tmp_path):
    files = {f"tasks/t{i}.sql": f"create or replace table o{i} as select 1 as x" for i in range(101)}
    files["tasks/all_of_them.sql"] = "select 1 from " + ", ".join(f"o{i}" for i in range(101))
    files["tasks/All_Of_Them_Inputs_2.sql"] = "select 1"
    compiled, findings = build(tmp_path, files)
    assert not findings.errors
    assert after(compiled)["G$ALL_OF_THEM"] == {"G$ALL_OF_THEM_INPUTS__1", "G$ALL_OF_THEM_INPUTS__2"}


def test_tasks_that_look_at_their_predecessors_get_no_relays(tmp_path):
    files = {f"tasks/t{i:03}.sql": "select 1" for i in range(101)}
    after_all = ", ".join(f"t{i:03}" for i in range(101))
    files["tasks/z.sql"] = f"/*---\nafter: [{after_all}]\ntrigger_rule: all_done\n---\n*/\nselect 1"
    _, findings = build(tmp_path, files)
    assert [found.code for found in findings.errors] == ["NEVE408"]


def test_chains_of_models_become_one_task_when_asked_for(tmp_path):
    table = "/*---\nmaterialized: table\n---\n*/\n"
    files = {
        "models/a.sql": table + "select 1 as x",
        "models/b.sql": table + "select * from a",
        "models/c.sql": table + "select * from b",
        "models/d.sql": table + "select * from c",
        "models/e.sql": table + "select * from c",
        "models/f.sql": table + "select * from e",
        "tasks/g.sql": "insert into log select * from f",
    }
    project = PROJECT.replace("{g: {}}", "{g: {fuse: chains}}")
    compiled, findings = build(tmp_path, {**files, "project.yml": project})
    assert not findings.errors
    assert after(compiled) == {"G": set(), "G$C": {"G"}, "G$D": {"G$C"}, "G$F": {"G$C"}, "G$G": {"G$F"}}
    task = next(statement for statement in compiled.script.statements if statement.object == "D.S.G$C")
    assert [task.sql.index(f"TABLE D.S.{name} AS") for name in "ABC"] == sorted(
        task.sql.index(f"TABLE D.S.{name} AS") for name in "ABC"
    )


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("select system$get_predecessor_return_value('a')", "select system$get_predecessor_return_value('G$A')"),
        (
            "execute immediate 'select system$get_predecessor_return_value(''a'')'",
            "execute immediate 'select system$get_predecessor_return_value(''G$A'')'",
        ),
        (
            r"execute immediate 'select system$get_predecessor_return_value(\'A\') as \'\''",
            r"execute immediate 'select system$get_predecessor_return_value(''G$A'') as \'\''",
        ),
        (
            "execute immediate $$ select system$get_predecessor_return_value('a') $$",
            "execute immediate $$ select system$get_predecessor_return_value('G$A') $$",
        ),
    ],
)
def test_a_task_that_is_asked_gets_its_physical_name_in_place(tmp_path, asked, written):
    compiled, findings = build(tmp_path, {"tasks/a.sql": "call system$set_return_value('1')", "tasks/b.sql": asked})
    assert not findings.errors
    assert f"AS {written};" in compiled.script.text
