"""What is done with the names in executed texts: completed where they stand, else the session must find them."""

import pytest

from neve.compile import compile_project

PROJECT = """\
name: p
defaults: {graph: g}
graphs: {g: {schedule: 24 hours}}
targets: {local: {engine: local, database: D, schema: S}}
sources: {raw: {tables: {events: {}}}}
"""


@pytest.fixture
def compiled(tmp_path):
    def run(statement):
        (tmp_path / "tasks").mkdir()
        (tmp_path / "project.yml").write_text(PROJECT)
        (tmp_path / "tasks/t.sql").write_text(f"begin {statement}; end")
        return compile_project(tmp_path)

    return run


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("execute immediate 'create or replace table made as select * from eve' || 'nts'", ["NEVE309"]),
        ("execute immediate 'create or replace table made as select * from raw.eve' || 'nts'", []),
        ("let s := 'events'; create or replace table made as select * from identifier(:s); return s", []),
        ("let s := 'events'; execute immediate 'create or replace table made as select * from ' || s", []),
        ("let s := 'events'; execute immediate 'truncate table ' || s; return s", ["NEVE309"]),
    ],
)
def test_a_name_in_pieces_in_an_executed_text_must_be_found_by_the_session(compiled, statement, found):
    assert [one.code for one in compiled(statement)[1]] == found


def test_names_in_executed_texts_are_completed(compiled):
    made, _ = compiled("let s := 'select * from events'; execute immediate 'create table t as ' || s || ' where x'")
    assert "let s := 'select * from D.RAW.EVENTS'; execute immediate 'create table D.S.T as ' || s" in made.script.text
