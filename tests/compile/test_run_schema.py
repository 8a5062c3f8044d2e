"""Statements of tasks on tables of the run, on the engine: each must find the run's own."""

import pytest

from neve.compile import compile_project
from neve.local.engine import Engine

pytestmark = pytest.mark.engine

PROJECT = """\
name: p
defaults: {schema: run}
graphs: {g: {schedule: manual, run_schema: "RUN_{run_id}"}}
targets: {local: {engine: local, database: D, schema: S}}
sources: {raw: {tables: {events: {}}}}
"""
FILES = {
    "tasks/load.sql": """\
create or replace table loaded as select id, x from events;
create or replace secure view odd as
select loaded.id, x from loaded where mod(loaded.id, 2) = 1;
create or replace table copied clone loaded;
merge into copied using loaded on copied.id = loaded.id
when matched then update set copied.x = upper(loaded.x);
delete from copied using odd where copied.id = odd.id;
alter table copied rename to even;
insert all into even into loaded select 7 as id, 'z' as x from odd where odd.id = 1;
""",
    "tasks/count.sql": """\
/*---
after: load
---
*/
begin
  let n int := (select count(*) from odd join loaded using (id));
  let evens cursor for select id from even order by id;
  for row_ in evens do
    let id int := row_.id;
    insert into loaded select :id, 'again' from even where even.id = :id;
  end for;
  call system$set_return_value(:n::varchar);
end;
""",
}


def test_every_statement_finds_the_tables_of_its_run(tmp_path):
    for path, text in (FILES | {"project.yml": PROJECT}).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    compiled, findings = compile_project(tmp_path)
    assert not list(findings)
    engine = Engine.open(tmp_path / "engine")
    try:
        session = engine.open_session()
        events = "CREATE TABLE D.RAW.EVENTS AS SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, 'c') AS v (ID, X)"
        for statement in ("CREATE DATABASE D", "CREATE SCHEMA D.RAW", events):
            session.execute(statement)
        for statement in compiled.script.statements:
            session.execute(statement.sql)
        session.execute("EXECUTE TASK D.S.G AWAIT")
        history = session.execute("SELECT * FROM TABLE(D.INFORMATION_SCHEMA.TASK_HISTORY())").dicts()
        assert {row["NAME"]: (row["STATE"], row["ERROR_MESSAGE"]) for row in history} == dict.fromkeys(
            ("G", "G$LOAD", "G$COUNT"), ("SUCCEEDED", None)
        )
        values = {row["NAME"]: row["RETURN_VALUE"] for row in history}
        assert values["G$COUNT"] == "3"
        found = session.execute(f"SELECT id, x FROM {values['G']}.LOADED ORDER BY id, x").rows
        assert [tuple(row) for row in found] == [
            (1, "a"), (2, "again"), (2, "b"), (3, "c"), (7, "again"), (7, "z"),
        ]  # fmt: skip
    finally:
        engine.close()
