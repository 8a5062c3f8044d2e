"""What a client makes before its tasks: a database, a schema, a stage."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def root(connection, schema):
    from snowflake.core import Root

    return Root(connection)


def test_from_nothing_to_a_task(root):
    from snowflake.core.database import Database
    from snowflake.core.schema import Schema
    from snowflake.core.stage import Stage, StageDirectoryTable
    from snowflake.core.task import Task

    database = root.databases.create(Database(name="etl", comment="it's ours"), mode="orReplace")
    schema = database.schemas.create(Schema(name='"daily runs"'))
    schema.stages.create(Stage(name="code", directory_table=StageDirectoryTable(enable=True)))
    schema.tasks.create(Task("t", "select 1"))
    assert (database.fetch().name, database.fetch().comment) == ("ETL", "it's ours")
    assert (schema.fetch().name, schema.fetch().database_name) == ('"daily runs"', "ETL")
    assert [stage.name for stage in schema.stages.iter()] == ["CODE"]
    assert [found.name for found in database.schemas.iter(like="daily%")] == ['"daily runs"']
    schema.stages["code"].drop()
    assert list(schema.stages.iter()) == []
    schema.drop()
    database.drop()
    assert "ETL" not in [found.name for found in root.databases.iter()]
    database.drop(if_exists=True)


def test_modes_and_errors(root):
    from snowflake.core.exceptions import APIError, ConflictError, NotFoundError
    from snowflake.core.schema import Schema

    schemas = root.databases["d"].schemas
    schemas.create(Schema(name="twice"))
    with pytest.raises(ConflictError):
        schemas.create(Schema(name="twice"))
    schemas.create(Schema(name="twice"), mode="ifNotExists")
    for missing in (root.databases["nothing"], schemas["nothing"], schemas["twice"].stages["nothing"]):
        with pytest.raises(NotFoundError, match="does not exist or not authorized"):
            missing.fetch()
        with pytest.raises(NotFoundError):
            missing.drop()
    with pytest.raises(APIError, match="knows no property data_retention_time_in_days of a schema"):
        schemas.create(Schema(name="kept", data_retention_time_in_days=3))
    schemas["twice"].drop()
