"""What a description says of NULL: as Snowflake's compiler knows it, and never more than is so."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def nullable(arguments):
    """Whether each column of a query may be NULL, as the connector's describe() tells."""
    import snowflake.connector

    with snowflake.connector.connect(**arguments) as connection:
        cursor = connection.cursor()
        cursor.execute("create database told")
        cursor.execute("create table t (id int not null, name varchar)")
        yield lambda sql: [column.is_nullable for column in cursor.describe(sql)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select 1, 'x', null, true, 1 + 2, nullif(1, 1)", [False, False, True, False, False, True]),
        ("select id, name, id + 1, count(*) from t group by all", [False, True, False, False]),
        ("select * from t", [False, True]),
        ("select a.*, b.id as other from t a left join t b on a.id = b.id", [False, True, True]),
        ("select a.id, b.id as other from t a right join t b on a.id = b.id", [True, False]),
        ("select x.id from t x full join t y on x.id = y.id", [True]),
        ("with a as (select id as n from t) select n from a", [False]),
        ("select n from (select id as n from t union all select null)", [True]),
        ("select n from (select id as n from t union all select 1 as n)", [False]),
        ("select $1::int as a, $2::string as b from values (1, 'x'), (2, null)", [False, True]),
        ("select id from t group by rollup (id)", [True]),
        ("select try_cast('x' as int), '1'::int, sum(id) from t", [True, False, True]),
        ("select a, b from t pivot (max(id) for name in ('x', 'y')) as p (a, b)", [True, True]),
        ("select a.id, b.id from t a left join t b on a.id = b.id", [True, True]),  # two of one name: nothing is said
        ("select n from (select 1 as m, null as n) q (n, m)", [True]),
    ],
)
def test_columns_of_a_query(nullable, query, expected):
    assert nullable(query) == expected
