"""Snowpark's files and readers: stages, CSV, JSON, Parquet."""

import io

import pandas as pd
import pytest
from snowflake.snowpark import types as T  # noqa: N812 - its usual name
from snowflake.snowpark.functions import col

pytestmark = pytest.mark.engine
SCHEMA = T.StructType([T.StructField("id", T.LongType()), T.StructField("name", T.StringType())])


@pytest.fixture(scope="module")
def staged(snowpark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "a.csv").write_text("id,name\n1,x\n2,y\n")
    (folder / "b.json").write_text('{"a": 1, "b": {"c": "x"}}\n{"a": 2}\n')
    pd.DataFrame({"P": [1, 2], "Q": ["x", "y"]}).to_parquet(folder / "c.parquet")
    snowpark.sql("create or replace stage st").collect()
    done = snowpark.file.put(f"{folder}/*", "@st/in", auto_compress=False, overwrite=True)
    assert [each.status for each in done] == ["UPLOADED"] * 3
    return snowpark


def rows(frame):
    return sorted(tuple(row) for row in frame.collect())


def test_files_come_back(staged, tmp_path):
    staged.file.get("@st/in/a.csv", str(tmp_path))
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "1,x"
    staged.file.put_stream(io.BytesIO(b"hello"), "@st/s.txt", auto_compress=False)
    assert staged.file.get_stream("@st/s.txt").read() == b"hello"


def test_csv(staged):
    assert rows(staged.read.option("SKIP_HEADER", 1).schema(SCHEMA).csv("@st/in/a.csv")) == [(1, "x"), (2, "y")]
    reader = staged.read.option("PARSE_HEADER", value=True).option("INFER_SCHEMA", value=True)
    assert rows(reader.csv("@st/in/a.csv")) == [(1, "x"), (2, "y")]


def test_json(staged):
    reader = staged.read.option("INFER_SCHEMA", value=False)
    whole = reader.json("@st/in/b.json").select(col("$1")["a"].cast("int"), col("$1")["b"]["c"].cast("string"))
    assert sorted(row[0] for row in whole.collect()) == [1, 2]
    by_key = staged.read.option("INFER_SCHEMA", value=True).json("@st/in/b.json")
    assert by_key.columns == ['"a"', '"b"']
    assert [row[0] for row in by_key.sort(col('"a"')).collect()] == [1, 2]


def test_parquet(staged):
    assert rows(staged.read.parquet("@st/in/c.parquet")) == [(1, "x"), (2, "y")]


def test_copy_into_a_table(staged):
    staged.sql("create or replace table copied (id int, name string)").collect()
    reader = staged.read.option("SKIP_HEADER", 1).schema(SCHEMA)
    reader.csv("@st/in/a.csv").copy_into_table("copied")
    assert rows(staged.table("copied")) == [(1, "x"), (2, "y")]


def test_copy_into_a_stage(staged):
    frame = staged.create_dataframe([(1, "x")], schema=["a", "b"])
    frame.write.csv("@st/out/rows.csv", single=True, overwrite=True, header=True)
    frame.write.parquet("@st/out/parquet/", overwrite=True)
    listed = [row["name"] for row in staged.sql("list @st/out").collect()]
    assert [name.partition("_")[0] for name in listed] == ["st/out/parquet/data", "st/out/rows.csv"]
