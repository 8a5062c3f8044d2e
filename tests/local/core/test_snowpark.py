"""Snowpark's own session, on the engine."""

import pandas as pd
import pytest
from snowflake.snowpark import Session, Window
from snowflake.snowpark import functions as F  # noqa: N812 - as Snowpark's own examples have it

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def snowpark(arguments):
    with Session.builder.configs(arguments).create() as session:
        session.sql("create database park").collect()
        yield session


@pytest.fixture
def people(snowpark):
    frame = snowpark.create_dataframe([[1, "a", 1.5], [2, "b", None], [3, "a", 2.5]], schema=["id", "kind", "x"])
    frame.write.save_as_table("people", mode="overwrite")
    return snowpark.table("people")


def test_a_table_keeps_its_types(people):
    assert [(f.name, f.datatype.simple_string()) for f in people.schema.fields] == [
        ("ID", "bigint"),
        ("KIND", "string"),
        ("X", "double"),
    ]


def test_filter_and_compute(people):
    made = people.filter(F.col("id") > 1).select("id", (F.col("x") * 2).alias("y")).sort("id")
    assert [tuple(row) for row in made.collect()] == [(2, None), (3, 5.0)]


def test_group_join_and_window(people):
    totals = people.group_by("kind").agg(F.sum("id").alias("total"))
    joined = people.join(totals, "kind").select("id", "total").sort("id")
    assert [tuple(row) for row in joined.collect()] == [(1, 4), (2, 2), (3, 4)]
    place = F.row_number().over(Window.partition_by("kind").order_by("id"))
    numbered = people.select("id", place.alias("place")).sort("id")
    assert [tuple(row) for row in numbered.collect()] == [(1, 1), (2, 1), (3, 2)]


def test_to_pandas(people):
    frame = people.sort("id").to_pandas()
    assert frame["ID"].tolist() == [1, 2, 3]
    assert frame["X"].isna().tolist() == [False, True, False]


def test_pandas_goes_in_and_comes_back(snowpark):
    frame = pd.DataFrame({"N": [1, 2], "S": ["a", None], "T": pd.to_datetime(["2024-01-01 00:00", "2024-01-02 10:00"])})
    rows = snowpark.create_dataframe(frame).sort("N").collect()
    assert [tuple(row) for row in rows] == [(1, "a", frame["T"][0]), (2, None, frame["T"][1])]


def test_write_pandas(snowpark):
    snowpark.write_pandas(
        pd.DataFrame({"X": [1, 2], "Y": ["a", "b"]}), "written", auto_create_table=True, overwrite=True
    )
    assert snowpark.table('"written"').count() == 2


def test_append_update_delete_merge(snowpark, people):
    people.write.mode("append").save_as_table("people")
    assert snowpark.table("people").count() == 6
    assert people.update({"kind": "z"}, F.col("id") == 1).rows_updated == 2
    assert people.delete(F.col("id") == 2).rows_deleted == 2
    source = snowpark.create_dataframe([[3, "new"], [9, "new"]], schema=["k", "v"])
    clauses = [
        F.when_matched().update({"kind": source["v"]}),
        F.when_not_matched().insert({"id": source["k"], "kind": source["v"]}),
    ]
    done = people.merge(source, people["id"] == source["k"], clauses)
    assert (done.rows_inserted, done.rows_updated) == (1, 2)


def test_a_list_that_is_sent_as_a_batch(snowpark):
    frame = snowpark.create_dataframe([[i, str(i)] for i in range(2000)], schema=["i", "s"])
    assert tuple(frame.agg(F.sum("i"), F.count("s")).collect()[0]) == (1_999_000, 2000)


def test_random_split_is_seeded_and_disjoint(snowpark):
    frame = snowpark.range(1000)
    one, other = frame.random_split([0.8, 0.2], seed=1)
    assert one.count() + other.count() == 1000
    assert one.join(other, "id").count() == 0


def test_views_cache_and_schema(snowpark, people):
    people.create_or_replace_view("people_view")
    assert snowpark.table("people_view").count() == 3
    assert people.cache_result().count() == 3
    snowpark.sql("create or replace schema elsewhere").collect()
    snowpark.use_schema("park.public")
    assert snowpark.get_current_schema() == '"PUBLIC"'


def test_values_of_variant_and_array(snowpark):
    row = snowpark.create_dataframe([[{"a": 1}, [1, 2]]], schema=["o", "l"]).collect()[0]
    assert (row["O"], row["L"]) == ('{\n  "a": 1\n}', "[\n  1,\n  2\n]")


def test_call_of_a_system_function(snowpark):
    assert snowpark.call("system$wait", 0.01) == "waited 0.01 seconds"


def test_async_job(people):
    assert len(people.collect(block=False).result()) == 3
