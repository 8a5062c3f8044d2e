"""Tasks of snowflake.core: each property comes back as it was given, errors are the classes that users catch."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.engine


def task(name="t", definition="select 1", **more):
    from snowflake.core.task import Task

    return Task(name, definition, **more)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schedule", timedelta(minutes=11)),
        ("schedule", timedelta(seconds=90)),
        ("config", {"a": 1, "b": "it's", "c": True}),
        ("comment", "a 'quoted' \\ word"),
        ("user_task_timeout_ms", 1234),
        ("suspend_task_after_num_failures", 3),
        ("task_auto_retry_attempts", 2),
        ("allow_overlapping_execution", True),
        ("user_task_managed_initial_warehouse_size", "LARGE"),
        ("serverless_task_min_statement_size", "SMALL"),
        ("serverless_task_max_statement_size", "XLARGE"),
        ("target_completion_interval", timedelta(hours=2)),
        ("warehouse", "WH"),
        ("warehouse", '"my wh"'),
        ("error_integration", "my_integration"),
        ("success_integration", "my_integration"),
        ("condition", "SYSTEM$STREAM_HAS_DATA('s')"),
        ("session_parameters", {"TIMEZONE": "UTC", "WEEK_START": 1, "USE_CACHED_RESULT": False}),
        ("session_parameters", {"SNOWPARK_REQUEST_TIMEOUT_IN_SECONDS": 80_000, "SNOWPARK_LAZY_ANALYSIS": False}),
        ("execute_as_user", "ANN"),
    ],
)
def test_each_property_comes_back(schema, key, value):
    assert getattr(schema.tasks.create(task(**{key: value})).fetch(), key) == value


def test_cron_and_overlap_come_back(schema):
    from snowflake.core.task import Cron, OverlapPolicy

    given = {"schedule": Cron("0 9-17 * * SUN", "America/Los_Angeles"), "overlap_policy": OverlapPolicy("NO_OVERLAP")}
    found = schema.tasks.create(task(**given)).fetch()
    assert {key: getattr(found, key) for key in given} == given


def test_a_task_that_sets_nothing(schema):
    before = datetime.now(UTC) - timedelta(seconds=1)
    found = schema.tasks.create(task()).fetch()
    assert (found.name, found.database_name, found.schema_name) == ("T", "D", schema.name)
    assert (found.definition, found.state, found.comment, found.config) == ("select 1", "suspended", "", {})
    assert (found.predecessors, found.session_parameters, found.schedule, found.warehouse) == ([], {}, None, None)
    assert (found.owner, found.owner_role_type, found.task_relations) == ("ACCOUNTADMIN", "ROLE", '{"Predecessors":[]}')
    assert found.task_auto_retry_attempts is None
    assert found.user_task_timeout_ms is None
    assert before < found.created_on < datetime.now(UTC)
    assert found.last_committed_on is None


def test_what_was_fetched_can_be_sent_again(schema):
    schema.tasks.create(task("r", schedule=timedelta(hours=1), config={"a": 1}, task_auto_retry_attempts=1))
    child = schema.tasks.create(task("c", predecessors=["r"], condition="1=1", comment="one"))
    schema.tasks.create(task("f", finalize="r"))
    changed = next(found for found in schema.tasks.iter() if found.name == "C")
    changed.definition, changed.comment = "select 2", "two"
    child.create_or_alter(changed)
    again = child.fetch()
    assert (again.definition, again.comment, again.condition, again.id) == ("select 2", "two", "1=1", changed.id)
    for name in ("r", "f"):
        before = schema.tasks[name].fetch()
        schema.tasks[name].create_or_alter(before)
        assert schema.tasks[name].fetch().to_dict() == before.to_dict()


def test_links_are_told_by_name(schema):
    schema.tasks.create(task('"a b"'))
    schema.tasks.create(task("c", predecessors=['"a b"']))
    schema.tasks.create(task("f", finalize='"a b"'))
    assert schema.tasks["c"].fetch().predecessors == [f'D.{schema.name}."a b"']
    assert schema.tasks["f"].fetch().finalize == '"a b"'
    assert [found.name for found in schema.tasks['"a b"'].fetch_task_dependents()] == ['"a b"', "C", "F"]


def test_an_option_left_out_is_reset_by_create_or_alter(schema):
    ref = schema.tasks["t"]
    ref.create_or_alter(task(schedule=timedelta(minutes=100), config={"a": 1}))
    ref.create_or_alter(task())
    assert (ref.fetch().schedule, ref.fetch().config) == (None, {})


def test_create_modes(schema):
    from snowflake.core.exceptions import ConflictError

    first = schema.tasks.create(task()).fetch()
    with pytest.raises(ConflictError, match="already exists") as caught:
        schema.tasks.create(task())
    assert caught.value.status == 409
    schema.tasks.create(task(definition="select 2"), mode="ifNotExists")
    assert schema.tasks["t"].fetch().definition == "select 1"
    schema.tasks.create(task(definition="select 2"), mode="orReplace")
    second = schema.tasks["t"].fetch()
    assert (second.definition, second.id != first.id) == ("select 2", True)


def test_list_is_filtered_as_show_tasks_is(schema):
    for name in ("etl_a", "etl_b", "load", '"etl c"'):
        schema.tasks.create(task(name))
    schema.tasks.create(task("etl_child", predecessors=["load"]))

    def names(**filters):
        return [found.name for found in schema.tasks.iter(**filters)]

    assert names() == ["ETL_A", "ETL_B", "ETL_CHILD", "LOAD", '"etl c"']
    assert names(like="etl%") == ["ETL_A", "ETL_B", "ETL_CHILD", '"etl c"']
    assert names(starts_with="ETL_", root_only=True) == ["ETL_A", "ETL_B"]
    assert names(limit=2) == ["ETL_A", "ETL_B"]
    assert names(limit=2, from_name="ETL_B") == ["ETL_CHILD", "LOAD"]
    assert names(from_name="ETL_B") == ["ETL_CHILD", "LOAD", '"etl c"']
    assert names(like="it's") == []


@pytest.mark.parametrize("action", ["fetch", "resume", "suspend", "execute", "drop", "fetch_task_dependents",
                                    "get_current_graphs", "get_complete_graphs"])  # fmt: skip
def test_a_task_that_is_not_there(schema, action):
    from snowflake.core.exceptions import NotFoundError

    with pytest.raises(NotFoundError, match="does not exist or not authorized"):
        getattr(schema.tasks["nothing"], action)()


def test_drop_if_exists(schema):
    schema.tasks["nothing"].drop(if_exists=True)
    schema.tasks.create(task()).drop()
    assert list(schema.tasks.iter()) == []


def test_no_such_schema(schema):
    from snowflake.core.exceptions import NotFoundError

    elsewhere = schema.database.schemas["nowhere"]
    with pytest.raises(NotFoundError):
        list(elsewhere.tasks.iter())


def test_refusals_are_those_of_the_statements(schema):
    from snowflake.core.exceptions import APIError

    schema.tasks.create(task("r"))
    schema.tasks.create(task("c", predecessors=["r"]))
    with pytest.raises(APIError, match="Execute task cannot be called on non-root task") as caught:
        schema.tasks["c"].execute()
    assert (caught.value.status, caught.value.get_request_info()["error_code"]) == (400, "091435")
    with pytest.raises(APIError, match="Cannot set schedule less than 10 seconds"):
        schema.tasks.create(task(schedule=timedelta(seconds=9)))
    with pytest.raises(APIError, match="cannot both be a non-root task and have a config"):
        schema.tasks.create(task(predecessors=["r"], config={"a": 1}))


def test_started_and_suspended(schema):
    ref = schema.tasks.create(task(schedule=timedelta(minutes=1)))
    ref.resume()
    assert ref.fetch().state == "started"
    assert ref.get_current_graphs()[0].state == "SCHEDULED"
    ref.suspend()
    assert ref.fetch().state == "suspended"
    assert ref.get_current_graphs() == []


def test_runs_of_another_schemas_root_of_the_same_name_are_not_told(schema, sql, history):
    sql("CREATE TASK D.PUBLIC.R AS SELECT 1")
    sql("EXECUTE TASK D.PUBLIC.R AWAIT")
    ref = schema.tasks.create(task("r"))
    assert ref.get_complete_graphs(error_only=False) == []
    ref.execute()
    assert history("R") == {"R": ("SUCCEEDED", None)}
    (run,) = ref.get_complete_graphs(error_only=False)
    assert (run.root_task_name, run.schema_name, run.state) == ("R", schema.name, "SUCCEEDED")
    assert run.next_scheduled_time == datetime(1970, 1, 1, tzinfo=UTC)
    assert ref.get_complete_graphs() == []
    sql("DROP TASK D.PUBLIC.R")


def test_tags_are_set_and_unset(engine, schema):
    from snowflake.core.tag import TagValue

    ref = schema.tasks.create(task())
    team, cost = (schema.database.schemas["public"].tags[name] for name in ("team", '"cost centre"'))
    ref.set_tags({team: TagValue("blue"), cost: TagValue("it's")})
    assert stored(engine, schema).tags == {"D.PUBLIC.TEAM": "blue", 'D.PUBLIC."cost centre"': "it's"}
    ref.unset_tags({team})
    assert stored(engine, schema).tags == {'D.PUBLIC."cost centre"': "it's"}
    schema.tasks["nothing"].set_tags({team: TagValue("blue")}, if_exists=True)


def stored(engine, schema):
    """The task as the engine keeps it: no statement of it tells tags."""
    from neve.local.sqltext import QualifiedName

    return engine.services["tasks"].catalog.get(QualifiedName("D", schema.name, "T"))


def test_requests_of_many_threads(schema):
    operations = [schema.tasks.create_async(task(f"t{number}")) for number in range(8)]
    assert [operation.result().name for operation in operations] == [f"t{number}" for number in range(8)]
    assert len(list(schema.tasks.iter_async().result())) == 8
