"""Table functions in SQL and in Python, and procedures in FROM."""

import re
from decimal import Decimal

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine
AFTER = "returns table (x int, y varchar) as $$ select a, 'q' || a from numbers where a > n $$"
PYTHON = "language python runtime_version = '3.11' handler = 'Handler' as $$"


@pytest.fixture
def rows(session):
    session.execute("create or replace table numbers as select column1 as a from values (1), (2), (3)")
    return lambda sql: session.execute(sql).rows


def test_one_in_sql_is_its_query(rows):
    rows(f"create or replace function after(n int) {AFTER}")
    assert rows("select * from table(after(1)) order by x") == [(2, "q2"), (3, "q3")]
    assert rows("select y from table(after(n => 2))") == [("q3",)]


def test_one_in_sql_is_called_for_each_row(rows):
    rows(f"create or replace function after(n int) {AFTER}")
    found = rows("select t.a, u.x from numbers t, table(after(t.a)) u order by 1, 2")
    assert found == [(1, 2), (1, 3), (2, 3)]


def test_one_in_sql_gives_the_names_and_types_it_declares(session, rows):
    rows("create or replace function sums(a int, b int) returns table (s number(10,2)) as 'select a + b'")
    result = session.execute("select * from table(sums(1, 2))")
    assert [(column.name, str(column.type)) for column in result.columns] == [("S", "NUMBER(10,2)")]


def test_one_in_python_yields_rows(rows):
    rows(f"""create or replace function counted(n int) returns table (i int, s varchar) {PYTHON}
class Handler:
    def process(self, n):
        for i in range(n):
            yield i, None if i else "first"
$$""")
    assert rows("select * from table(counted(2)) order by i") == [(0, "first"), (1, None)]
    assert rows("select a, i from numbers, table(counted(a)) where a < 3 order by 1, 2") == [(1, 0), (2, 0), (2, 1)]


def test_one_in_python_ends_a_partition(rows):
    rows(f"""create or replace function total(n int) returns table (t int) {PYTHON}
class Handler:
    def __init__(self):
        self.t = 0
    def process(self, n):
        self.t += n
    def end_partition(self):
        yield (self.t,)
$$""")
    assert rows("select t from table(total(7))") == [(7,)]
    assert rows("select t from numbers, table(total(a))") == [(6,)]


SALES = """create or replace table sales as select column1 as shop, column2 as item, column3 as price
  from values ('a', 'x', 1.5), ('a', 'y', 2.5), ('b', 'z', 4)"""
RUNNING = f"""create or replace function running(item varchar, price float)
  returns table (shop varchar, total float) {PYTHON}
class Handler:
    def __init__(self):
        self.total = 0
    def process(self, item, price):
        self.total += price
        yield item, self.total
    def end_partition(self):
        yield 'all', self.total
$$"""


def test_rows_stand_beside_those_they_came_from_and_keep_the_partition(rows):
    rows(SALES)
    rows(RUNNING)
    found = rows("select * from sales s, table(running(item, price) over (partition by s.shop order by price desc)) r")
    assert sorted(found, key=str) == [
        ("a", "x", 1.5, "x", 4.0),
        ("a", "y", 2.5, "y", 2.5),
        ("a", None, None, "all", 4.0),
        ("b", "z", 4.0, "z", 4.0),
        ("b", None, None, "all", 4.0),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "select s.shop, r.shop from sales s join {by shop} r where r.shop = 'all' order by 1",
            [("a", "all"), ("b", "all")],
        ),
        ("select total from (select item, price from sales) join {by 1} where shop = 'all'", [(8.0,)]),
        ("select max(total) from sales, {all}", [(8.0,)]),
        (
            "with dear as (select * from sales where price > 2) select count(*), max(total) from dear, {by dear.shop}",
            [(4, 4.0)],
        ),
        ("select total from sales, {by shop} where false", []),
        ("select r.* from (select * from sales where false) t, {by 1} r", []),
        (
            "select r.shop, n from sales, {by sales.shop} r join (select 'all' as s, 1 as n) t on t.s = r.shop",
            [("all", 1)] * 2,
        ),
        ("select * from table(running('i', 2) over (partition by 1)) order by 1", [("all", 2.0), ("i", 2.0)]),
    ],
)
def test_partitions_in_queries(rows, query, expected):
    rows(SALES)
    rows(RUNNING)
    query = query.replace("{all}", "table(running(item, price) over (order by price))")
    assert rows(re.sub(r"{(by .*?)}", r"table(running(item, price) over (partition \1))", query)) == expected


def test_what_stands_before_keeps_its_types(rows):
    rows(SALES)
    rows(RUNNING)
    query = "select t.n / 3 from (select 1 as n, item, price from sales limit 1) t, {} where item = 'x'"
    found = rows(query.format("table(running(item, price) over (partition by item))"))
    assert found == [(Decimal("0.333333"),), (None,)]


def test_a_vectorized_end_partition_gets_a_frame_under_the_names_of_the_parameters(rows):
    rows(SALES)
    rows(f"""create or replace function spread(item varchar, price float) returns table (n int, mean float)
  packages = ('pandas') {PYTHON}
import pandas as pd
from _snowflake import vectorized
class Handler:
    @vectorized(input=pd.DataFrame)
    def end_partition(self, df):
        return pd.DataFrame({{"n": [len(df)], "mean": [df["PRICE"].mean()]}})
$$""")
    found = rows("select shop, n, mean from sales, table(spread(item, price) over (partition by shop)) order by 1")
    assert found == [("a", 2, 2.0), ("b", 1, 4.0)]


def test_a_vectorized_process_gives_a_row_for_each(rows):
    rows(SALES)
    rows(f"""create or replace function doubled(price float) returns table (twice float, batch int)
  packages = ('pandas') {PYTHON}
import pandas as pd
from _snowflake import vectorized
class Handler:
    @vectorized(input=pd.DataFrame, max_batch_size=2)
    def process(self, df):
        return df["PRICE"] * 2, pd.Series([len(df)] * len(df))
$$""")
    found = rows("select item, twice, batch from sales, table(doubled(price)) order by 1")
    assert found == [("x", 3.0, 2), ("y", 5.0, 2), ("z", 8.0, 1)]


def test_values_of_all_types_come_back(rows):
    rows(f"""create or replace function same(a binary, b date, c timestamp_ntz, d variant, e float, f number(5, 2))
  returns table (a binary, b date, c timestamp_ntz, d variant, e float, f number(5, 2)) {PYTHON}
class Handler:
    def process(self, *values):
        yield values
$$""")
    given = "to_binary('ff', 'hex'), '2024-01-02', '2024-01-02 03:04:05', parse_json('[1]'), 'nan'::float, 1.25"
    ((a, b, c, d, e, f),) = rows(f"select * from table(same({given}))")
    assert (a, str(b), str(c), d, str(e), str(f)) == (
        b"\xff", "2024-01-02", "2024-01-02 03:04:05", "[\n  1\n]", "nan", "1.25"
    )  # fmt: skip
    assert rows("select * from table(same(null, null, null, null, null, null))") == [(None,) * 6]


@pytest.mark.parametrize(
    ("made", "message"), [("(1,)", "a row has 1 values, RETURNS TABLE declares 2"), ("1", "is a tuple, not int")]
)
def test_a_row_of_another_shape_is_an_error(rows, made, message):
    rows(f"""create or replace function odd() returns table (a int, b int) {PYTHON}
class Handler:
    def process(self):
        yield {made}
$$""")
    with pytest.raises(SqlError, match=message):
        rows("select * from table(odd())")


def test_partitions_of_several_tables_are_refused(rows):
    rows(SALES)
    rows(RUNNING)
    with pytest.raises(SqlError, match="beside several tables, is not supported"):
        rows("select 1 from sales a, sales b, table(running(a.item, b.price) over (partition by a.shop))")


def test_a_procedure_stands_in_from(rows):
    rows("""create or replace procedure listed() returns table (a int, b varchar) language sql as
            $$ begin let r resultset := (select 1 as a, 'x' as b union all select 2, 'y'); return table(r); end $$""")
    assert rows("select b from table(listed()) where a = 2") == [("y",)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select f(1)", "F gives a table"),
        ("select * from table(g(1))", "G gives no table"),
    ],
)
def test_each_kind_has_its_place(rows, query, message):
    rows("create or replace function f(n int) returns table (x int) as 'select n'")
    rows("create or replace function g(n int) returns int as 'n'")
    with pytest.raises(SqlError, match=message):
        rows(query)


def test_overloads_are_told_apart_by_literals_and_casts(rows):
    rows("create or replace function kind(a int) returns varchar as $$ 'number' $$")
    rows("create or replace function kind(a varchar) returns varchar as $$ 'text' $$")
    assert rows("select kind(1), kind('x'), kind(1::varchar)") == [("number", "text", "text")]
    with pytest.raises(SqlError, match="Telling overloads"):
        rows("select kind(a) from numbers")
