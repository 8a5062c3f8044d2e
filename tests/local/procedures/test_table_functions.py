"""Table functions in SQL and in Python, and procedures in FROM."""

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
    with pytest.raises(SqlError, match="with end_partition, called for the rows of a table, is not supported"):
        rows("select t from numbers, table(total(a))")


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
