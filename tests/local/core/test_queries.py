"""Queries: joins, windows, sets, pivots, order of NULLs."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def query(engine):
    session = engine.open_session()
    session.execute("create database queries")
    session.execute("create table a (id int, v int, s varchar)")
    session.execute("insert into a values (1, 10, 'x'), (2, null, 'Y'), (3, 30, null)")
    session.execute("create table b (id int, w float)")
    session.execute("insert into b values (1, 1.5), (3, 2.5), (9, null)")
    return lambda sql: session.execute(sql).rows


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select v from a order by v", [(10,), (30,), (None,)]),
        ("select v from a order by v desc", [(None,), (30,), (10,)]),
        ("select a.id, b.w from a, b where a.id = b.id(+) order by 1", [(1, 1.5), (2, None), (3, 2.5)]),
        ("select a.id from a full join b using (id) order by 1", [(1,), (2,), (3,), (None,)]),
        ("select id from a where id not in (select id from b) order by 1", [(2,)]),
        ("select id from a where id = any (select id from b) and id <> all (select 3)", [(1,)]),
        ("select id from a where exists (select 1 from b where b.id = a.id) order by 1", [(1,), (3,)]),
        ("select id from a union select id from b minus select 9 order by 1", [(1,), (2,), (3,)]),
        ("select id, v + 1 as w, w * 2 as x from a where w > 11", [(3, 31, 62)]),
        ("select id from a qualify row_number() over (order by v desc nulls last) = 1", [(3,)]),
        ("select id, lag(v) ignore nulls over (order by id) from a order by 1", [(1, None), (2, 10), (3, 10)]),
        (
            "select * from a pivot (sum(v) for s in ('x', 'Y')) order by id",
            [(1, 10, None), (2, None, None), (3, None, None)],
        ),
        ("select val from a unpivot (val for name in (id, v)) order by val", [(1,), (2,), (3,), (10,), (30,)]),
        ("select grouping(s), count(*) from a group by rollup (s) having grouping(s) = 1", [(1, 3)]),
        ("select s, count(*) from a group by all order by s", [("Y", 1), ("x", 1), (None, 1)]),
        (
            "with recursive r (n) as (select 1 union all select n + 1 from r where n < 3) select * from r",
            [(1,), (2,), (3,)],
        ),
        ("with b as (select 5 as id) select a.id from a join b on a.id < b.id order by 1", [(1,), (2,), (3,)]),
        ("select top 2 id from a order by id desc", [(3,), (2,)]),
        ("select listagg(s, ',') from a where id > 5", [("",)]),
        ("select sum(iff(v > 5, 1, 0)) / count(*) as share from a", [(pytest.approx(0.666667),)]),
        ("select filter([1, 5], x -> x > 2)[0]::int", [(5,)]),
        ("select f.index, f.value:k::int from table(flatten(input => parse_json('[{\"k\":7}]'))) f", [(0, 7)]),
        (
            (
                'select f.path from lateral flatten(input => parse_json(\'{"a":{"b":1},"c":[2]}\'), recursive => true) '
                "f order by 1"
            ),
            [("a",), ("a.b",), ("c",), ("c[0]",)],
        ),
        (
            "select a.id, f.value::int from a left join lateral flatten(input => iff(id = 1, [5], [])) f order by 1",
            [(1, 5), (2, None), (3, None)],
        ),
    ],
)
def test_rows(query, sql, rows):
    found = query(sql)
    assert [tuple(map(float, row)) if "share" in sql else row for row in found] == rows


def test_what_is_written_in_lower_case_is_found_in_upper_case(query):
    assert query('select "ID" from A where "S" = \'x\'') == [(1,)]
