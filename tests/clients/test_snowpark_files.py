"""Snowpark's files and readers: stages, CSV, JSON, Parquet."""

import gzip
import io

import pandas as pd
import pytest
from snowflake.snowpark import types as T  # noqa: N812 - its usual name
from snowflake.snowpark.exceptions import SnowparkSQLException
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


def test_a_pattern_chooses_files(staged):
    reader = staged.read.option("SKIP_HEADER", 1).option("pattern", r".*a[.]csv").schema(SCHEMA)
    assert rows(reader.csv("@st/in")) == [(1, "x"), (2, "y")]


def test_rows_of_parquet_as_objects(staged):
    read = staged.read.option("infer_schema", value=False).parquet("@st/in/c.parquet")
    assert rows(read.where(col("$1")["P"] == 2)) == [('{\n  "P": 2,\n  "Q": "y"\n}',)]


def test_a_query_of_files_is_described(staged):
    frame = staged.sql("select $1:P::int as p from @st/in/c.parquet (file_format => 'park')")
    staged.sql("create or replace file format park type = parquet").collect()
    assert (frame.columns, rows(frame)) == (["P"], [(1,), (2,)])


def test_where_rows_stood(staged):
    reader = staged.read.with_metadata("METADATA$FILENAME", col("METADATA$FILE_ROW_NUMBER").alias("place"))
    read = reader.option("SKIP_HEADER", 1).schema(SCHEMA).csv("@st/in/a.csv")
    assert rows(read) == [("in/a.csv", 1, 1, "x"), ("in/a.csv", 2, 2, "y")]


def test_documents_are_unloaded_as_lines(staged):
    frame = staged.sql("""select parse_json('{"a": [1, "ä"]}') as v""")
    assert frame.write.json("@st/out/v.json", single=True, overwrite=True)[0].rows_unloaded == 1
    assert gzip.decompress(staged.file.get_stream("@st/out/v.json").read()) == '{"a":[1,"ä"]}\n'.encode()
    with pytest.raises(SnowparkSQLException, match="one and only one column of variant"):
        staged.range(1).write.json("@st/out/n.json")


def test_files_from_stage_to_stage(staged):
    staged.sql("create or replace temp stage second").collect()
    assert staged.file.copy_files("@st/in", "@second") == ["a.csv", "b.json", "c.parquet"]
    assert staged.file.copy_files("@st/in", "@second/more", pattern=".*json") == ["more/b.json"]
    renamed = staged.create_dataframe([["@st/in/a.csv", "new.csv"]], schema=["place", "name"])
    assert staged.file.copy_files(renamed, "@second", detailed_output=False) == 1
    listed = staged.directory("second").filter(col("RELATIVE_PATH").like("%.csv")).select("RELATIVE_PATH", "SIZE")
    assert rows(listed) == [("a.csv", 16), ("new.csv", 16)]
