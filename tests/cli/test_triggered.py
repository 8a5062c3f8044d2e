"""A project whose graph a stream starts, and one with a dynamic table: from seeds to runs, on the local engine."""

import pytest
from tests.cli.conftest import Neve

from neve.deploy.connect import open_engine

pytestmark = pytest.mark.engine

FILES = {
    "project.yml": """
name: events
graphs:
  ingest:
    when: stream_has_data('raw.new_events')
    user_task_minimum_trigger_interval_in_seconds: 15
targets:
  local: {engine: local, database: EVENTS, schema: PIPELINE}
sources:
  raw:
    tables:
      events: {columns: {id: number, kind: varchar}}
      new_events: {stream_on: events}
""",
    "seeds/events.csv": "id,kind\n1,seen\n",
    "models/kinds.sql": """/*---
materialized: dynamic_table
target_lag: 1 hour
---
How many events of each kind there are.
*/
select kind, count(*) as events from events group by kind
""",
    "tasks/prepare.sql": "/*---\ngraph: ingest\n---\n*/\ncreate table if not exists taken (id int, kind varchar)\n",
    "tasks/take.sql": """/*---
graph: ingest
after: prepare
---
*/
insert into taken select id, kind from new_events where metadata$action = 'INSERT'
""",
}


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    """The project, seeded and applied."""
    root = tmp_path_factory.mktemp("events")
    for path, text in FILES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    neve = Neve(root)
    seeded = neve("seed")
    assert "EVENTS.RAW.NEW_EVENTS  0 rows  from project.yml, a stream on EVENTS.RAW.EVENTS" in seeded
    neve("apply")
    yield neve
    neve("engine", "stop")


def sql(neve, statement):
    with open_engine(neve.root) as account:
        return [tuple(row.values()) for row in account.execute(statement)]


def test_the_project_is_deployed_as_it_is(events):
    assert "Nothing to do" in events("plan", "--detailed-exitcode")
    assert sql(events, "select * from events.pipeline.kinds") == [("seen", 1)]


def test_rows_that_come_start_the_graph_and_reach_the_dynamic_table(events):
    assert events.json("engine", "clock", "--advance", "2h")["ran"] == []
    sql(events, "insert into events.raw.events values (2, 'new'), (3, 'new')")
    told = events.json("engine", "clock", "--advance", "2h")
    assert {refresh["name"] for refresh in told["refreshed"]} == {"EVENTS.PIPELINE.KINDS"}
    (run,) = events.json("runs")["runs"]
    assert (run["graph"], run["state"]) == ("ingest", "SUCCEEDED")
    assert sql(events, "select id from events.pipeline.taken order by id") == [(2,), (3,)]
    assert sql(events, "select events from events.pipeline.kinds order by kind") == [(2,), (1,)]


def test_a_changed_dynamic_table_is_replaced(events):
    events.edit("models/kinds.sql", "1 hour", "2 hours")
    assert "dynamic table EVENTS.PIPELINE.KINDS  (edited)" in events("plan")
    events("apply")
    assert sql(events, "show dynamic tables in account")[0][8] == "2 hours"
    assert "Nothing to do" in events("plan", "--detailed-exitcode")


def test_seeds_leave_no_stream_stale_and_a_stream_has_none(events):
    events("seed")
    assert sql(events, "select * from events.raw.new_events") == []
    seed = events.root / "seeds" / "new_events.csv"
    seed.write_text("id,kind\n1,x\n")
    events("seed", code=1)
    assert "'new_events' is a stream on 'events'" in events.stderr
    seed.unlink()
