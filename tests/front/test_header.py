import pytest

from neve.header import item_span


def values(header):
    return {key: value.data for key, value in header.values.items()}


def test_front_matter_of_sql(folder):
    text = "/*---\nmaterialized: table\nafter: [a, b]\n---\nOrders,\n  all of them.\n\nSecond.\n*/\nselect 1\n"
    folder.write("models/m.sql", text)
    header = folder.header("models/m.sql")
    assert values(header) == {"materialized": "table", "after": ["a", "b"]}
    assert header.description == "Orders, all of them.\n\nSecond."
    assert text[header.body :] == "select 1\n"
    assert folder.text(header.values["after"].span) == "[a, b]"


def test_front_matter_of_python(folder):
    text = '#!/usr/bin/env python\nr"""---\npackages: [xgboost]\n---\nTrain.\n"""\nimport x\n\ndef main(s, r): ...\n'
    folder.write("python_tasks/m.py", text)
    header = folder.header("python_tasks/m.py")
    assert values(header) == {"packages": ["xgboost"]}
    assert header.description == "Train."
    assert text[header.body :].startswith("\nimport x")


@pytest.mark.parametrize(
    "text", ["select 1\n", "-- a\n/* b */ select 1\n", "", "/*---*/", "select '/*---\na: 1\n---\n*/'\n"]
)
def test_files_without_front_matter_are_fine(folder, text):
    folder.write("models/m.sql", text)
    header = folder.header("models/m.sql")
    assert (values(header), header.description, header.body) == ({}, "", 0)
    assert folder.said() == []


def test_comments_may_stand_before_it(folder):
    folder.write("models/m.sql", "-- Copyright\n\n/*---\ntags: x\n---\n*/ select 1\n")
    assert values(folder.header("models/m.sql")) == {"tags": "x"}


def test_the_nearest_folder_wins_and_the_header_over_it(folder):
    folder.write(
        "project.yml",
        """\
name: demo
defaults:
  schema: A
  warehouse: W
  materialized: view
  models: {schema: B, tags: [x]}
  models/staging: {schema: C}
  models/stag: {schema: NO}
""",
    )
    folder.write("models/staging/x/m.sql", "/*---\nwarehouse: MINE\n---\n*/\nselect 1\n")
    folder.write("tasks/t.sql", "select 1\n")
    assert values(folder.header("models/staging/x/m.sql")) == {
        "schema": "C",
        "warehouse": "MINE",
        "materialized": "view",
        "tags": ["x"],
    }
    assert values(folder.header("tasks/t.sql")) == {"schema": "A", "warehouse": "W"}


@pytest.mark.parametrize(
    ("yaml", "code", "marked"),
    [
        ("materialised: table", "NEVE103", "materialised"),
        ("materialized: [table]", "NEVE104", "[table]"),
        ("materialized: tabel", "NEVE104", "tabel"),
        ("enabled: yes", "NEVE104", "yes"),
        ("tags: 3", "NEVE104", "3"),
        ("tags: [a, 3]", "NEVE104", "3"),
        ("columns:\n  - {name: a, tpye: int}", "NEVE103", "tpye"),
        ("columns:\n  - {type: int}", "NEVE108", "{type: int}"),
        ("after: a b", "NEVE104", "a b"),
        ("user_task_timeout_ms: 604800001", "NEVE104", "604800001"),
        ("task_auto_retry_attempts: -1", "NEVE104", "-1"),
        ("log_level: debug", "NEVE104", "debug"),
        ("packages: [x]", "NEVE113", "packages"),
        ("when: {{ var('x') }}", "NEVE115", "{{"),
        ("tags: [a", "NEVE102", ""),
        ("tags: a\ntags: b", "NEVE105", "tags"),
        ("just a text", "NEVE104", "just a text"),
    ],
)
def test_a_mistake_has_its_place(folder, yaml, code, marked):
    folder.write("models/m.sql", f"/*---\ndescription: é𝄞\n{yaml}\n---\n*/\nselect 1\n")
    if yaml == "just a text":
        folder.write("models/m.sql", f"/*---\n{yaml}\n---\n*/\nselect 1\n")
    folder.header("models/m.sql")
    assert [(said[0], said[2].strip() if marked else "") for said in folder.said()] == [(code, marked)]


def test_wrong_keys_are_left_out_and_the_others_kept(folder):
    folder.write("models/m.sql", "/*---\nmaterialised: table\ntags: [a]\nalias: 1\n---\n*/\nselect 1\n")
    assert values(folder.header("models/m.sql")) == {"tags": ["a"]}
    assert len(folder.findings) == 2


@pytest.mark.parametrize(
    ("text", "missing"),
    [("/*---\ntags: a\n*/\nselect 1\n", "---"), ("/*---\ntags: a\n---\nselect 1\n", "*/"), ("/*---\n", "---")],
)
def test_front_matter_without_an_end(folder, text, missing):
    folder.write("models/m.sql", text)
    assert folder.header("models/m.sql") is None
    assert folder.said() == [("NEVE109", f"This front matter has no closing `{missing}`", "---")]


def test_an_item_of_a_value_has_its_own_place(folder):
    folder.write("models/m.sql", "/*---\nafter:\n  - a\n  - 'b'\ncolumns: [{name: x, data_tests: [unique]}]\n---\n*/\n")
    file, header = folder.file("models/m.sql"), folder.header("models/m.sql")
    assert folder.text(item_span(file, header.values["after"], 1)) == "'b'"
    assert folder.text(item_span(file, header.values["columns"], 0, "data_tests", 0)) == "unique"
    assert folder.text(item_span(file, header.values["after"], 7)) == "- a\n  - 'b'"
