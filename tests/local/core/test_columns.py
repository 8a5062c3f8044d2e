"""Names and types of result columns."""

import pytest

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("select 1+ 1", ["1+ 1"]),
        ("select 'abc'", ["'ABC'"]),
        ("select count(*), max(i) from t", ["COUNT(*)", "MAX(I)"]),
        ('select i, "I", i as "Lower", t.i from t', ["I", "I", "Lower", "I"]),
        ("select j:x, j:x::int from t", ["J:X", "J:X::INT"]),
        ("select listagg(s, ',') within group (order by s) from t", ["LISTAGG(S, ',') WITHIN GROUP (ORDER BY S)"]),
        ("with c as (select count(*) from t) select * from c", ["COUNT(*)"]),
        ("select i, i from t", ["I", "I"]),
        ("select 1 union all select 2", ["1"]),
        ("select * from values (1, 'a')", ["COLUMN1", "COLUMN2"]),
        ("select distinct i + 1 from t", ["I + 1"]),
        ("select extract(year from d) from t", ["EXTRACT(YEAR FROM D)"]),
        ("select * exclude (i, n, f, s, b, d, ts, l, j, a, o, tm, sd, si) from t", ["BIN", "U"]),
    ],
)
def test_names(shared, query, names):
    assert [column.name for column in shared.execute(query).columns] == names


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("i", "NUMBER(38,0)"),
        ("n", "NUMBER(10,2)"),
        ("f", "FLOAT"),
        ("s", "VARCHAR(16777216)"),
        ("'x'::varchar(5)", "VARCHAR(5)"),
        ("b", "BOOLEAN"),
        ("d", "DATE"),
        ("ts", "TIMESTAMP_NTZ(9)"),
        ("l", "TIMESTAMP_LTZ(9)"),
        ("to_timestamp_tz('2024-01-01 00:00:00 +0100')", "TIMESTAMP_TZ(9)"),
        ("tm", "TIME(9)"),
        ("bin", "BINARY(8388608)"),
        ("j", "VARIANT"),
        ("a", "ARRAY"),
        ("o", "OBJECT"),
        ("array_agg(i)", "ARRAY"),
        ("object_construct('a', i)", "OBJECT"),
        ("j:x", "VARIANT"),
        ("count(*)", "NUMBER(38,0)"),
        ("sum(n)", "NUMBER(38,2)"),
        ("date_trunc('month', d)", "DATE"),
        ("current_timestamp()", "TIMESTAMP_LTZ(9)"),
    ],
)
def test_types(shared, expression, kind):
    assert str(shared.execute(f"select {expression} from t").columns[0].type) == kind


def test_every_type_can_be_null(shared):
    columns = ["i", "n", "f", "s", "b", "d", "ts", "l", "j", "a", "o", "tm", "bin"]
    result = shared.execute(
        f"select {', '.join(f'iff(u = 0, {column}, null) as {column}' for column in columns)} from t"
    )
    assert result.rows == [(None,) * len(columns)]
