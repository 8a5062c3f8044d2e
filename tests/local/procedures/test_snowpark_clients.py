"""What Snowpark's registration makes of a function runs here: pickled code, stages, temporary and anonymous forms."""

import pytest
from tests.engines import login

pytestmark = pytest.mark.engine

PACKAGES = ["snowflake-snowpark-python"]


@pytest.fixture(scope="module")
def snowpark(engine, session):
    from snowflake.snowpark import Session

    opened = Session.builder.configs({**login(engine), "database": "D", "schema": "PUBLIC"}).create()
    opened.sql("CREATE OR REPLACE STAGE CODE").collect()
    yield opened
    opened.close()


def add_one(session, number):
    return session.sql(f"SELECT {number} + 1").collect()[0][0]


def types():
    from snowflake.snowpark.types import LongType

    return {"return_type": LongType(), "input_types": [LongType()], "packages": PACKAGES}


def test_temporary_procedure_from_a_function(snowpark):
    procedure = snowpark.sproc.register(add_one, **types())
    assert procedure(41) == 42


def test_named_procedure_is_kept_and_called_by_name(snowpark, session):
    snowpark.sproc.register(add_one, name="ADD_ONE", is_permanent=True, stage_location="@CODE", replace=True, **types())
    assert snowpark.call("ADD_ONE", 1) == 2
    assert session.execute("CALL D.PUBLIC.ADD_ONE(2)").rows == [(3,)]


def test_anonymous_procedure_from_a_function(snowpark):
    assert snowpark.sproc.register(add_one, anonymous=True, **types())(1) == 2


def test_imported_module_is_found(snowpark, tmp_path):
    (tmp_path / "doubling.py").write_text("def twice(number):\n    return 2 * number\n")

    def doubled(session, number):
        import doubling

        return doubling.twice(number)

    procedure = snowpark.sproc.register(doubled, imports=[str(tmp_path / "doubling.py")], **types())
    assert procedure(21) == 42


def test_handler_in_an_uploaded_file(snowpark, tmp_path):
    (tmp_path / "handlers.py").write_text("def tripled(session, number):\n    return 3 * number\n")
    procedure = snowpark.sproc.register_from_file(str(tmp_path / "handlers.py"), "tripled", **types())
    assert procedure(14) == 42


def test_function_from_a_lambda_runs_over_a_table(snowpark):
    plus = snowpark.udf.register(lambda number: number + 1, **types())
    snowpark.sql("CREATE OR REPLACE TABLE NUMBERS AS SELECT 1 AS N UNION ALL SELECT 2").collect()
    rows = snowpark.table("NUMBERS").select(plus("N").alias("M")).sort("M").collect()
    assert [row.M for row in rows] == [2, 3]
