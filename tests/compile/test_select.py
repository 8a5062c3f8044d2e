"""Choosing nodes by name, neighbourhood, tag, path, graph and git."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from neve.cli.main import main

PROJECT = """
name: shop
graphs: {nightly: {schedule: 24 hours}}
defaults: {graph: nightly, materialized: table}
targets: {local: {engine: local, database: D, schema: S}}
sources: {raw: {database: R, schema: E, tables: {events: {}}}}
"""
MODELS = {
    "models/staging/stg.sql": "/*---\ntags: [hourly]\n---\n*/\nselect 1 as a from events",
    "models/mid.sql": "select a from stg",
    "models/other.sql": "select 1 as a from events",
    "models/last.sql": "/*---\ntags: [hourly, daily]\n---\n*/\nselect mid.a from mid, other",
}


@pytest.fixture
def project(tmp_path):
    for path, text in {"project.yml": PROJECT, **MODELS}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def ls(project, *words):
    done = CliRunner().invoke(main, ["ls", "-C", str(project), "--output", "json", *words])
    assert done.exit_code == 0, done.output
    return [node["name"] for node in json.loads(done.output)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), {"stg", "mid", "other", "last"}),
        (("mid",), {"mid"}),
        (("+mid",), {"stg", "mid"}),
        (("mid+",), {"mid", "last"}),
        (("1+last",), {"mid", "other", "last"}),
        (("stg+1",), {"stg", "mid"}),
        (("@stg",), {"stg", "mid", "other", "last"}),
        (("tag:hourly",), {"stg", "last"}),
        (("tag:hourly,path:models/staging",), {"stg"}),
        (("m*", "o*"), {"mid", "other"}),
        (("tag:hour*", "2+mid"), {"stg", "mid", "last"}),
        (("models/staging", "models/mid.sql+"), {"stg", "mid", "last"}),
        (("+last+", "--exclude", "models/staging/"), {"mid", "other", "last"}),
        (("@mid,tag:hourly",), {"stg", "last"}),
        (("stg+,1+last mid",), {"mid", "last"}),
        (("graph:nightly", "--exclude", "tag:daily+"), {"stg", "mid", "other"}),
        (("-s", "mid", "other"), {"mid", "other"}),
    ],
)
def test_selectors(project, words, names):
    assert set(ls(project, *words)) == names


def test_what_changed_since_a_revision(project):
    def git(*words):
        command = ["git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
        subprocess.run(command, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    assert ls(project, "git:HEAD") == []
    (project / "models/mid.sql").write_text("select a + 1 as a from stg")
    (project / "models/new.sql").write_text("select 1 as b from events")
    assert set(ls(project, "git:HEAD")) == {"mid", "new"}
    assert set(ls(project, "git:HEAD+")) == {"mid", "new", "last"}


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("mit", "there is no node 'mit'\n  try: mid"),
        ("tagg:x", "there is no method 'tagg'"),
        ("a+b+c", "is no selector"),
        ("git:--output=x", "is no revision"),
    ],
)
def test_a_selector_that_says_nothing(project, selector, said):
    done = CliRunner().invoke(main, ["ls", "-C", str(project), selector])
    assert done.exit_code == 64
    assert said in done.output


def test_a_node_for_programs(project):
    done = CliRunner().invoke(main, ["ls", "-C", str(project), "last", "--output", "json"])
    assert json.loads(done.output) == [
        {
            "name": "last",
            "kind": "model",
            "materialized": "table",
            "graph": "nightly",
            "file": "models/last.sql",
            "relation": "D.S.LAST",
            "depends_on": ["mid", "other"],
            "reads": ["D.S.MID", "D.S.OTHER"],
            "writes": ["D.S.LAST"],
            "tags": ["hourly", "daily"],
            "description": "",
        }
    ]


def test_show_prints_the_rendered_text_and_the_ddl(project):
    done = CliRunner().invoke(main, ["show", "-C", str(project), "mid"])
    assert "select a from stg" in done.output
    assert "AFTER D.S.NIGHTLY$STG" in done.output
