"""Run by an interpreter that has version 5 of the connector: what it saw, as JSON. See test_connector5.py."""

import datetime as dt
import decimal
import io
import json
import sys
import tempfile
import time
from pathlib import Path

from snowflake import connector


def main(arguments):
    with connector.connect(**arguments) as connection:
        connection.cursor().execute("create database five")
        seen = {name: look(connection) for name, look in LOOKS.items()}
    with connector.connect(**arguments, database="FIVE", schema="PUBLIC", paramstyle="qmark") as connection:
        return seen | {"binds": binds(connection), "many": many(connection)}


def rows(connection, sql, *arguments):
    return connection.cursor().execute(sql, *arguments).fetchall()


def values(connection):
    return rows(connection, "select 1, 2.50, 'a', true, null, '2024-01-02'::date, to_time('01:02:03'), [1]")


def arrow(connection):
    cursor = connection.cursor().execute("select seq4() as n from table(generator(rowcount => 100000))")
    return [cursor.fetch_arrow_all().num_rows, len(cursor.fetchall())]


def binds(connection):
    given = (1, "it's", None, 1.5, True, dt.date(2024, 1, 2), decimal.Decimal("12.34"), b"ab")
    return rows(connection, "select ?, ?, ?, ?, ?, ?, ?, ?", given)


def many(connection):
    connection.cursor().execute("create table many (n int, t timestamp)")
    cursor = connection.cursor()
    cursor.executemany("insert into many values (?, ?)", [(n, dt.datetime(2024, 1, 1)) for n in range(300)])
    return [cursor.rowcount, rows(connection, "select count(*), max(t) from many")]


def later(connection):
    cursor = connection.cursor()
    cursor.execute_async("select 42")
    while connection.is_still_running(connection.get_query_status(cursor.sfqid)):
        time.sleep(0.05)
    cursor.get_results_from_sfqid(cursor.sfqid)
    return cursor.fetchall()


def refused(connection):
    try:
        rows(connection, "select * from nowhere")
    except connector.ProgrammingError as error:
        return [error.errno, error.sqlstate]


def several(connection):
    script = "create table s (n int); insert into s values (1); select * from s;"
    together = connection.cursor()
    together.execute("select 1; select 2", num_statements=2)
    first = together.fetchall()
    together.nextset()
    return [[cursor.fetchall() for cursor in connection.execute_string(script)], first, together.fetchall()]


def files(connection):
    """PUT, LIST, COPY INTO and GET; one file is larger than what goes in one request."""
    folder = Path(tempfile.mkdtemp())
    (folder / "a.csv").write_text("1,x\n2,y\n")
    (folder / "large.bin").write_bytes(bytes(range(256)) * 400_000)
    connection.cursor().execute("create stage st")
    connection.cursor().execute("create table t (n int, s text)")
    put = [row[6] for row in rows(connection, f"put file://{folder}/* @st/in")]
    stream = io.BytesIO(b"3,z\n")
    connection.cursor().execute("put file://b.csv @st/in auto_compress = false", file_stream=stream)
    copied = rows(connection, "copy into t from @st/in pattern = '.*csv.*'")
    rows(connection, f"get @st/in/b.csv file://{folder}/out")
    rows(connection, f"get @st/in/large.bin.gz file://{folder}/out")
    return {
        "put": put,
        "listed": [row[0] for row in rows(connection, "list @st")],
        "copied": sorted([row[0], row[3]] for row in copied),
        "got": (folder / "out" / "b.csv").read_text(),
        "size": [(folder / "out" / "large.bin.gz").stat().st_size] == [rows(connection, "list @st/in/large")[0][1]],
    }


def frame(connection):
    import pandas as pd
    from snowflake.connector.pandas_tools import write_pandas

    told = write_pandas(connection, pd.DataFrame({"A": [1, 2], "B": ["x", None]}), "FRAME", auto_create_table=True)
    return [told[0], told[2], rows(connection, "select * from frame order by a")]


LOOKS = {look.__name__: look for look in (values, arrow, later, refused, several, files, frame)}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1])), default=str))
