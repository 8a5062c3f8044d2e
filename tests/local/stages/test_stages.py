"""Files in stages: up and down with the connector, into tables and out of them."""

import io

import pandas as pd
import pytest
import snowflake.connector
from snowflake.connector.pandas_tools import write_pandas

from neve.local.engine import Engine

pytestmark = pytest.mark.engine
FRAME = pd.DataFrame({"A": [1, 2, 3], "B": ["x", None, "z"], "C": [1.5, 2.5, None]})


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    engine = Engine.open(tmp_path_factory.mktemp("engine"))
    host, port = engine.listen(password="secret").address
    made = snowflake.connector.connect(
        host=host, port=port, protocol="http", account="neve_local", user="neve", password="secret"
    )
    made.cursor().execute("CREATE DATABASE D")
    yield made
    made.close()
    engine.close()


@pytest.fixture
def cursor(connection):
    connection.cursor().execute("CREATE OR REPLACE SCHEMA D.S")
    return connection.cursor()


def rows(cursor, sql):
    return cursor.execute(sql).fetchall()


def test_a_file_goes_up_is_listed_comes_down_and_goes_away(cursor, tmp_path):
    (tmp_path / "one.csv").write_text("1,a\n")
    cursor.execute("CREATE STAGE st")
    put = rows(cursor, f"PUT file://{tmp_path}/one.csv @st/sub AUTO_COMPRESS = FALSE")
    assert (put[0][1], put[0][6]) == ("one.csv", "UPLOADED")
    assert [row[:2] for row in rows(cursor, "LIST @st")] == [("st/sub/one.csv", 4)]
    (tmp_path / "down").mkdir()
    rows(cursor, f"GET @st/sub file://{tmp_path}/down/")
    assert (tmp_path / "down/one.csv").read_text() == "1,a\n"
    assert rows(cursor, "REMOVE @st/sub") == [("st/sub/one.csv", "removed")]
    assert rows(cursor, "LIST @st") == []


def test_files_are_read_as_a_table(cursor, tmp_path):
    (tmp_path / "two.csv").write_text("id,name\n1,a\n2,\n")
    cursor.execute("CREATE STAGE st FILE_FORMAT = (TYPE = CSV)")
    cursor.execute("CREATE FILE FORMAT f TYPE = CSV SKIP_HEADER = 1")
    rows(cursor, f"PUT file://{tmp_path}/two.csv @st")
    assert rows(cursor, "SELECT $1::NUMBER, $2 FROM @st (FILE_FORMAT => 'f') ORDER BY 1") == [(1, "a"), (2, None)]


def test_tables_are_made_of_files(cursor, tmp_path):
    (tmp_path / "two.csv").write_text("id,name\n1,a\n2,\n")
    cursor.execute("CREATE STAGE st")
    cursor.execute("CREATE FILE FORMAT f TYPE = CSV SKIP_HEADER = 1")
    rows(cursor, f"PUT file://{tmp_path}/two.csv @st")
    files = "@st (FILE_FORMAT => 'f', PATTERN => '.*two[.]csv.*') x"
    cursor.execute(f"CREATE TABLE t AS SELECT x.$1::NUMBER AS id, x.$2 AS name, metadata$filename AS file FROM {files}")
    assert rows(cursor, "SELECT * FROM t ORDER BY id") == [(1, "a", "two.csv.gz"), (2, None, "two.csv.gz")]
    cursor.execute(f"CREATE OR REPLACE TABLE t (a NUMBER, b VARCHAR) AS SELECT x.$1, x.$2 FROM {files}")
    assert rows(cursor, "SELECT * FROM t ORDER BY a") == [(1, "a"), (2, None)]
    with pytest.raises(
        snowflake.connector.errors.ProgrammingError, match="A view of files in a stage is not supported"
    ):
        cursor.execute(f"CREATE VIEW v AS SELECT $1 AS a FROM {files}")


def test_copy_into_a_table_and_purge(cursor, tmp_path):
    (tmp_path / "three.csv").write_text('1;"a;b"\n2;c\n')
    cursor.execute("CREATE STAGE st")
    cursor.execute("CREATE TABLE t (n NUMBER, v VARCHAR)")
    rows(cursor, f"PUT file://{tmp_path}/three.csv @st")
    options = """FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = ';' FIELD_OPTIONALLY_ENCLOSED_BY = '"') PURGE = TRUE"""
    loaded = rows(cursor, f"COPY INTO t FROM @st {options}")
    assert loaded[0][:4] == ("st/three.csv.gz", "LOADED", 2, 2)
    assert rows(cursor, "SELECT * FROM t ORDER BY n") == [(1, "a;b"), (2, "c")]
    assert rows(cursor, "LIST @st") == []


def test_a_row_that_does_not_fit_loads_nothing(cursor, tmp_path):
    (tmp_path / "four.csv").write_text("1\nx\n")
    cursor.execute("CREATE STAGE st")
    cursor.execute("CREATE TABLE t (n NUMBER)")
    rows(cursor, f"PUT file://{tmp_path}/four.csv @st")
    with pytest.raises(snowflake.connector.errors.ProgrammingError):
        cursor.execute("COPY INTO t FROM @st")
    assert rows(cursor, "SELECT COUNT(*) FROM t") == [(0,)]


def test_unload_and_load_again(cursor):
    cursor.execute("CREATE STAGE st")
    cursor.execute("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b")
    assert rows(cursor, "COPY INTO @st/out FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE")[0][0] == 1
    cursor.execute("CREATE TABLE u LIKE t")
    cursor.execute("COPY INTO u FROM @st/out FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE")
    assert rows(cursor, "SELECT * FROM u") == [(1, "x")]


def test_write_pandas_into_a_table_that_it_makes(cursor, connection):
    done = write_pandas(connection, FRAME, "T", database="D", schema="S", auto_create_table=True, overwrite=True)
    assert done[:3] == (True, 1, 3)
    assert rows(cursor, "SELECT * FROM D.S.T ORDER BY A") == [(1, "x", 1.5), (2, None, 2.5), (3, "z", None)]


def test_a_temporary_stage_is_gone_with_its_session(cursor):
    cursor.execute("CREATE TEMPORARY STAGE mine")
    other = cursor.connection.__class__(**_arguments(cursor.connection))
    with pytest.raises(snowflake.connector.errors.ProgrammingError, match="does not exist"):
        other.cursor().execute("LIST @D.S.mine")
    other.close()


def _arguments(connection):
    return {
        "host": connection.host,
        "port": connection.port,
        "protocol": "http",
        "account": "neve_local",
        "user": "neve",
        "password": "secret",
    }


def test_a_path_does_not_lead_out_of_its_stage(cursor):
    cursor.execute("CREATE STAGE st")
    with pytest.raises(snowflake.connector.errors.ProgrammingError, match="invalid stage location"):
        cursor.execute("LIST '@st/../..'")


def test_what_is_outside_is_refused(cursor):
    with pytest.raises(snowflake.connector.errors.ProgrammingError, match="not supported"):
        cursor.execute("CREATE STAGE st URL = 's3://bucket/'")


def test_snowpark_streams_files(connection):
    from snowflake.snowpark import Session

    with Session.builder.configs(_arguments(connection)).create() as session:
        session.sql("CREATE OR REPLACE STAGE D.PUBLIC.st").collect()
        session.file.put_stream(io.BytesIO(b"hello"), "@D.PUBLIC.st/a.txt", auto_compress=False)
        assert session.file.get_stream("@D.PUBLIC.st/a.txt").read() == b"hello"
