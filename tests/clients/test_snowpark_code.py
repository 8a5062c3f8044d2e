"""Python that Snowpark sends: functions, table functions, procedures."""

import pytest
from snowflake.snowpark import Session
from snowflake.snowpark import types as T  # noqa: N812 - its usual name
from snowflake.snowpark.exceptions import SnowparkSQLException
from snowflake.snowpark.functions import call_udf, col, lit, sproc, udf

pytestmark = pytest.mark.engine
PACKAGES = ["snowflake-snowpark-python"]


@pytest.fixture(scope="module")
def numbers(snowpark):
    snowpark.sql("create stage code").collect()
    return snowpark.create_dataframe([(1, "a"), (2, None)], schema=["i", "t"])


def column(frame):
    return sorted((row[0] for row in frame.collect()), key=str)


def test_a_lambda_is_a_function(snowpark, numbers):
    plus = udf(lambda x: x + 1, return_type=T.LongType(), input_types=[T.LongType()], session=snowpark)
    assert column(numbers.select(plus("i"))) == [2, 3]


def test_a_function_by_name(snowpark, numbers):
    @udf(name="plus_two", replace=True, session=snowpark)
    def plus_two(x: int) -> int:
        return x + 2

    assert column(numbers.select(call_udf("plus_two", col("i")))) == [3, 4]
    assert column(snowpark.sql("select plus_two(5)")) == [7]


def test_a_permanent_function_outlives_its_session(snowpark, arguments):
    @udf(name="upper_case", is_permanent=True, stage_location="@code", replace=True, session=snowpark)
    def upper_case(text: str) -> str:
        return text.upper()

    name = f"{snowpark.get_fully_qualified_current_schema()}.upper_case"
    other = Session.builder.configs(arguments).create()
    assert column(other.sql(f"select {name}('q')")) == ["Q"]
    other.close()


def test_imports(snowpark, numbers, tmp_path):
    (tmp_path / "helping.py").write_text("def times(x):\n    return x * 100\n")
    snowpark.add_import(str(tmp_path / "helping.py"))

    def times(x: int) -> int:
        import helping

        return helping.times(x)

    hundred = udf(times, session=snowpark)
    snowpark.clear_imports()
    assert column(numbers.select(hundred("i"))) == [100, 200]


def test_a_table_function(snowpark, numbers):
    class Count:
        def process(self, n: int):
            for i in range(n):
                yield (i,)

    schema = T.StructType([T.StructField("x", T.LongType())])
    count = snowpark.udtf.register(Count, output_schema=schema, input_types=[T.LongType()], name="count_to")
    assert column(snowpark.table_function(count(lit(3)))) == [0, 1, 2]
    assert column(snowpark.sql("select * from table(count_to(2))")) == [0, 1]
    assert numbers.join_table_function(count("i")).count() == 3


def test_procedures(snowpark):
    @sproc(name="saves", is_permanent=True, stage_location="@code", replace=True, packages=PACKAGES, session=snowpark)
    def saves(session: Session, n: int, name: str) -> str:
        session.create_dataframe([(n, name)], schema=["a", "b"]).write.mode("overwrite").save_as_table("saved_by")
        return f"{name}:{n}"

    assert saves(1, "x", session=snowpark) == "x:1"
    assert snowpark.call("saves", 2, "y") == "y:2"
    assert [tuple(row) for row in snowpark.table("saved_by").collect()] == [(2, "y")]
    assert snowpark.call_nowait("saves", 3, "z").result() == "z:3"


def test_a_procedure_gives_a_table(snowpark):
    schema = T.StructType([T.StructField("a", T.LongType()), T.StructField("b", T.StringType())])

    @sproc(name="tabular", replace=True, packages=PACKAGES, return_type=schema, input_types=[], session=snowpark)
    def tabular(session):
        return session.create_dataframe([(1, "x")], schema=["a", "b"])

    assert [tuple(row) for row in snowpark.call("tabular").collect()] == [(1, "x")]


def test_a_procedure_fails_with_its_own_words(snowpark):
    @sproc(name="fails", replace=True, packages=PACKAGES, session=snowpark)
    def fails(_session: Session) -> str:
        raise ValueError("no way")

    with pytest.raises(SnowparkSQLException, match="ValueError: no way"):
        fails(session=snowpark)
