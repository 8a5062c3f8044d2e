"""Incremental models, run after run on the engine: what each strategy leaves, also when it fails."""

import pytest

from neve.compile import compile_project
from neve.local.engine import Engine

pytestmark = pytest.mark.engine

PROJECT = """\
name: p
graphs: {g: {schedule: manual}}
targets: {local: {engine: local, database: D, schema: S}}
sources: {raw: {tables: {events: {}}}}
"""
MODEL = """\
/*---
materialized: incremental
KEYS
---
*/
select id, x from events
{% if is_incremental() %} where id >= (select max(id) from {{ this }}) {% endif %}
"""
KEYS = {
    "append": "incremental_strategy: append",
    "merge": "unique_key: id",
    "delete_insert": "unique_key: id\nincremental_strategy: delete+insert",
    "hidden": "unique_key: id",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A model of each strategy, deployed; `hidden` does not say its columns, so it cannot be merged."""
    root = tmp_path_factory.mktemp("project")
    (root / "project.yml").write_text(PROJECT)
    (root / "models").mkdir()
    for name, keys in KEYS.items():
        text = MODEL.replace("KEYS", keys)
        (root / "models" / f"{name}.sql").write_text(text.replace("id, x", "*") if name == "hidden" else text)
    compiled, findings = compile_project(root)
    assert not list(findings)
    return compiled.script


@pytest.fixture
def session(project, tmp_path):
    engine = Engine.open(tmp_path)
    session = engine.open_session()
    for statement in (
        "CREATE DATABASE D",
        "CREATE SCHEMA D.RAW",
        "CREATE TABLE D.RAW.EVENTS AS SELECT 1 AS ID, 'a' AS X",
    ):
        session.execute(statement)
    for statement in project.statements:
        session.execute(statement.sql)
    yield session
    engine.close()


def run(session):
    """What every task came to, by its name."""
    session.execute("EXECUTE TASK D.S.G AWAIT")
    rows = session.execute("SELECT * FROM TABLE(D.INFORMATION_SCHEMA.TASK_HISTORY())").dicts()
    newest = max(row["RUN_ID"] for row in rows)
    return {row["NAME"].removeprefix("G$"): row["STATE"] for row in rows if row["RUN_ID"] == newest}


def rows(session, table):
    return sorted(tuple(row) for row in session.execute(f"SELECT id, x FROM D.S.{table}").rows)


def test_new_rows_are_added_merged_or_put_in_place_of_the_old(session):
    assert set(run(session).values()) == {"SUCCEEDED"}
    session.execute("UPDATE D.RAW.EVENTS SET X = 'b'")
    session.execute("INSERT INTO D.RAW.EVENTS VALUES (2, 'c')")
    assert set(run(session).values()) == {"SUCCEEDED"}
    assert rows(session, "append") == [(1, "a"), (1, "b"), (2, "c")]
    for table in ("merge", "delete_insert", "hidden"):
        assert rows(session, table) == [(1, "b"), (2, "c")]


def test_rows_are_not_lost_when_new_ones_cannot_take_their_place(session):
    run(session)
    session.execute("ALTER TABLE D.RAW.EVENTS ADD COLUMN Y INT")
    assert run(session)["HIDDEN"] == "FAILED"
    assert rows(session, "hidden") == [(1, "a")]
