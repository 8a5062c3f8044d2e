"""Snowpark's DataFrames and tables, as a notebook uses them."""

import datetime as dt
import decimal

import pandas as pd
import pytest
from snowflake.connector.errors import IntegrityError
from snowflake.snowpark import Window
from snowflake.snowpark import functions as F  # noqa: N812 - its usual name
from snowflake.snowpark import types as T  # noqa: N812
from snowflake.snowpark.exceptions import SnowparkSQLException
from snowflake.snowpark.functions import col, lit

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def people(snowpark):
    rows = [(1, "Ann", "IT", 100.5), (2, "Bob", "IT", 200.0), (3, "Cid", "HR", 50.0), (4, "Dee", None, 75.0)]
    return snowpark.create_dataframe(rows, schema=["id", "name", "dept", "pay"])


@pytest.fixture(scope="module")
def depts(snowpark):
    return snowpark.create_dataframe([("IT", "Tech"), ("HR", "Human"), ("FI", "Fin")], schema=["dept", "title"])


def values(frame):
    return [tuple(row) for row in frame.collect()]


def test_filter_and_columns(people):
    level = F.when(col("pay") > 100, "high").when(col("pay") > 60, lit("middle")).otherwise("low")
    found = people.filter(col("dept").is_not_null()).with_column("level", level).sort(F.desc("pay"))
    assert values(found.select("name", "level")) == [("Bob", "high"), ("Ann", "high"), ("Cid", "low")]
    assert people.rename({"pay": "salary"}).drop("dept").columns == ["ID", "NAME", "SALARY"]


@pytest.mark.parametrize(
    ("how", "count"), [("inner", 3), ("left", 4), ("right", 4), ("full", 5), ("leftsemi", 3), ("leftanti", 1)]
)
def test_joins(people, depts, how, count):
    assert people.join(depts, on=people.dept == depts.dept, how=how).count() == count


def test_groups(people):
    found = people.group_by("dept").agg(F.sum("pay").alias("s"), F.count(lit(1)).alias("n"), F.max("name").alias("m"))
    assert values(found.sort(col("dept").asc_nulls_last())) == [
        ("HR", 50.0, 1, "Cid"),
        ("IT", 300.5, 2, "Bob"),
        (None, 75.0, 1, "Dee"),
    ]
    assert people.rollup("dept").agg(F.sum("pay")).count() == 4
    assert people.cube("dept", "name").agg(F.sum("pay")).count() == 12


def test_windows(people):
    by_pay = Window.partition_by("dept").order_by(col("pay").desc())
    upto = Window.partition_by("dept").order_by("id").rows_between(Window.UNBOUNDED_PRECEDING, Window.CURRENT_ROW)
    found = people.select(
        "name", F.row_number().over(by_pay), F.lag("pay", 1, 0).over(by_pay), F.sum("pay").over(upto)
    ).sort("name")
    assert values(found) == [("Ann", 2, 200.0, 100.5), ("Bob", 1, 0.0, 300.5), ("Cid", 1, 0.0, 50.0), ("Dee", 1, 0, 75)]


def test_pivot_and_unpivot(snowpark, people):
    found = people.select("dept", "pay").pivot("dept", ["IT", "HR"]).sum("pay")  # noqa: PD010 - not pandas'
    assert values(found) == [(300.5, 50.0)]
    found = people.select("dept", "pay").pivot("dept").sum("pay")  # noqa: PD010
    assert (found.columns, values(found)) == (["\"'HR'\"", "\"'IT'\""], [(50.0, 300.5)])
    found = people.select("id", "dept").pivot("dept", ["IT", "FI"], default_on_null=0).sum("id")  # noqa: PD010
    assert values(found) == [(3, 0)]
    wide = snowpark.create_dataframe([(1, 10, 20)], schema=["id", "jan", "feb"])
    assert values(wide.unpivot("sales", "month", ["jan", "feb"]).sort("sales")) == [(1, "JAN", 10), (1, "FEB", 20)]


def test_sets_and_samples(people):
    counts = [people.union(people), people.union_all(people), people.intersect(people), people.except_(people)]
    assert [frame.count() for frame in counts] == [4, 8, 4, 0]
    assert people.drop_duplicates("dept").count() == 3
    assert people.sample(n=2).count() == 2
    assert sum(part.count() for part in people.random_split([0.5, 0.5], seed=1)) == 4
    assert people.sample_by("dept", {"IT": 1.0}).count() == 2


def test_ways_to_fetch(people):
    ordered = people.sort("id")
    assert [row["NAME"] for row in ordered.to_local_iterator()] == ["Ann", "Bob", "Cid", "Dee"]
    assert ordered.first(2)[1]["PAY"] == 200.0
    assert ordered.to_pandas()["PAY"].tolist() == [100.5, 200.0, 50.0, 75.0]
    assert sum(len(batch) for batch in ordered.to_pandas_batches()) == 4
    assert ordered.to_arrow().num_rows == 4
    with people.cache_result() as cached:
        assert cached.count() == 4


def test_a_frame_without_rows_goes_to_pandas(people):
    none = people.filter(col("pay") > 1000)
    assert none.to_pandas().columns.tolist() == ["ID", "NAME", "DEPT", "PAY"]
    assert (len(none.to_pandas()), none.to_arrow().num_rows, none.collect()) == (0, 0, [])
    assert [len(batch) for batch in none.to_pandas_batches()] in ([], [0])


def test_missing_values(people):
    assert people.na.fill({"dept": "none"}).filter(col("dept") == "none").count() == 1
    assert people.na.drop().count() == 3
    assert people.na.replace({"IT": "I"}).filter(col("dept") == "I").count() == 2


def test_statistics(people):
    told = {row["SUMMARY"]: row["PAY"] for row in people.describe().collect()}
    assert (told["count"], told["min"], told["max"], told["mean"]) == (4.0, 50.0, 200.0, 106.375)
    assert people.stat.corr("id", "id") == pytest.approx(1.0)


def test_every_type_of_a_schema(snowpark):
    fields = {"a": T.LongType(), "b": T.StringType(), "c": T.DecimalType(10, 2), "d": T.DateType(),
              "e": T.TimestampType(T.TimestampTimeZone.NTZ), "f": T.VariantType(), "g": T.ArrayType(),
              "i": T.BooleanType(), "k": T.TimeType(), "l": T.DoubleType()}  # fmt: skip
    schema = T.StructType([T.StructField(name, kind) for name, kind in fields.items()])
    row = (1, "x", decimal.Decimal("1.50"), dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 1, 2, 3), {"a": 1}, [1, 2],
           True, dt.time(1, 2, 3), 1.5)  # fmt: skip
    frame = snowpark.create_dataframe([row, (None,) * len(row)], schema=schema)
    found = values(frame)
    shown = (*row[:5], '{\n  "a": 1\n}', "[\n  1,\n  2\n]", *row[7:])
    assert found == [shown, (None,) * len(row)]
    assert [type(field.datatype) for field in frame.schema] == [type(kind) for kind in fields.values()]


def test_a_schema_says_what_is_never_null(snowpark):
    frame = snowpark.create_dataframe([(1, "x"), (2, None)], schema=["n", "s"])
    assert [(field.name, field.nullable) for field in frame.schema] == [("N", False), ("S", True)]
    assert [field.nullable for field in frame.group_by("s").count().schema] == [True, False]


def test_pandas_there_and_back(snowpark):
    frame = pd.DataFrame({"A": [1, 2], "B": ["x", None], "C": pd.to_datetime(["2024-01-01", None])})
    assert values(snowpark.create_dataframe(frame).sort("A")) == [(1, "x", dt.datetime(2024, 1, 1)), (2, None, None)]
    snowpark.write_pandas(frame[["A", "B"]], "WRITTEN", auto_create_table=True, overwrite=True)
    snowpark.write_pandas(frame[["A", "B"]], "WRITTEN")
    assert snowpark.table("written").count() == 4


def test_generated_rows_and_documents(snowpark):
    assert values(snowpark.range(1, 7, 2)) == [(1,), (3,), (5,)]
    assert snowpark.generator(F.seq4(), rowcount=5).count() == 5
    split = snowpark.table_function("split_to_table", lit("a,b"), lit(","))
    assert sorted(row["VALUE"] for row in split.collect()) == ["a", "b"]
    document = snowpark.sql("""select parse_json('{"a": [1, 2], "b": {"c": "x"}}') as v""")
    assert values(document.select(col("v")["b"]["c"].cast("string"), F.array_size(col("v")["a"]))) == [("x", 2)]


# Tables -----------------------------------------------------------------------------------------------
def test_modes_of_save_as_table(snowpark, people):
    def saved(mode, **more):
        people.write.mode(mode).save_as_table("saved", **more)
        return snowpark.table("saved").count()

    assert [saved(mode) for mode in ("overwrite", "append", "ignore", "truncate")] == [4, 8, 8, 4]
    with pytest.raises(SnowparkSQLException, match="already exists"):
        saved("errorifexists")
    assert saved("overwrite", table_type="transient", clustering_keys=["id"], comment="hi") == 4
    (shown,) = snowpark.sql("show tables like 'SAVED'").collect()
    assert (shown["kind"], shown["comment"], shown["cluster_by"]) == ("TRANSIENT", "hi", 'LINEAR("ID")')
    people.write.save_as_table("passing", mode="append", table_type="temporary")
    people.write.save_as_table("passing", mode="append", table_type="temporary")
    assert snowpark.table("passing").count() == 8
    (shown,) = snowpark.sql("show tables like 'PASSING'").collect()
    assert shown["kind"] == "TEMPORARY"
    people.write.insert_into("passing")
    people.write.save_as_table("passing", mode="overwrite", overwrite_condition=col("id") < 3)
    assert snowpark.table("passing").count() == 10
    people.select("pay", "name", "id").write.save_as_table("saved", mode="append", column_order="name")
    assert snowpark.table("saved").filter(col("dept").is_null()).count() == 5
    with pytest.raises(IntegrityError, match="NULL result in a non-nullable column"):
        people.select("name", "id").write.save_as_table("saved", mode="append", column_order="name")


def test_merge_update_delete(snowpark):
    snowpark.create_dataframe([(1, "a"), (2, "b")], schema=["k", "v"]).write.save_as_table("kv", mode="overwrite")
    table, source = snowpark.table("kv"), snowpark.create_dataframe([(2, "B"), (3, "C")], schema=["k", "v"])
    done = table.merge(
        source,
        table["k"] == source["k"],
        [
            F.when_matched().update({"v": source["v"]}),
            F.when_not_matched().insert({"k": source["k"], "v": source["v"]}),
        ],
    )
    assert (done.rows_inserted, done.rows_updated) == (1, 1)
    assert table.update({"v": lit("z")}, table["k"] == 1).rows_updated == 1
    assert table.delete(table["k"] == 2).rows_deleted == 1
    assert values(table.sort("k")) == [(1, "z"), (3, "C")]
    table.drop_table()
    assert snowpark.sql("show tables like 'KV'").collect() == []


def test_views(snowpark, people):
    people.write.save_as_table("viewed", mode="overwrite")
    snowpark.table("viewed").filter(col("id") > 2).create_or_replace_view("late")
    snowpark.table("viewed").limit(1).create_or_replace_temp_view("one")
    assert (snowpark.table("late").count(), snowpark.table("one").count()) == (2, 1)


def test_a_transaction_is_taken_back(snowpark, people):
    people.write.save_as_table("kept", mode="overwrite")
    snowpark.sql("begin").collect()
    snowpark.table("kept").delete()
    snowpark.sql("rollback").collect()
    assert snowpark.table("kept").count() == 4


# The session ------------------------------------------------------------------------------------------
def test_asynchronous_jobs(snowpark, people):
    job = people.sort("id").collect_nowait()
    assert job.result()[0]["NAME"] == "Ann"
    assert snowpark.create_async_job(job.query_id).result("pandas").shape == (4, 4)
    assert people.count(block=False).result() == 4
    with pytest.raises(Exception, match="does not exist or not authorized"):
        snowpark.sql("select * from nowhere").collect_nowait().result()


def test_context_and_tags(snowpark):
    snowpark.query_tag = "notebook"
    (row,) = snowpark.sql("show parameters like 'QUERY_TAG'").collect()
    assert row["value"] == "notebook"
    snowpark.query_tag = None
    snowpark.use_role("sysadmin")
    assert snowpark.get_current_role() == '"SYSADMIN"'
    snowpark.use_role("accountadmin")
    with snowpark.query_history() as history:
        snowpark.sql("select 1").collect()
    assert [query.sql_text for query in history.queries] == ["select 1"]


def test_a_dynamic_table(snowpark, people):
    people.write.save_as_table("base", mode="overwrite")
    snowpark.sql("create warehouse if not exists wh").collect()
    snowpark.table("base").create_or_replace_dynamic_table("followed", warehouse="wh", lag="1 hour")
    assert snowpark.table("followed").count() == 4
