"""Aggregates and windows: what expressions give, over constants and over columns."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.engine

LITERALS = [
    ("booland_agg(true)", True),
    ("regexp_count('aXbXc', 'X')", 2),
    ("count(*)", 1),
    ("count_if(true)", 1),
    ("sum(1.5)", Decimal("1.5")),
    ("avg(2)", Decimal("2.000000")),
    ("median(2)", Decimal("2.000")),
    ("listagg('a', ',')", "a"),
    ("min('a')", "a"),
    ("approx_count_distinct(1)", 1),
    ("any_value(1)", 1),
    ("stddev(1)", None),
    ("percentile_cont(0.5) within group (order by 1)", Decimal("1.000")),
    ("mode(1)", 1),
    ("max_by('a', 1)", "a"),
    ("ratio_to_report(1) over ()", Decimal("1.000000")),
    ("row_number() over (order by 1)", 1),
    ("lag(1) over (order by 1)", None),
    ("kurtosis(1)", None),
    ("corr(1, 2)", None),
    ("sum(distinct 2)", 2),
    ("bitor_agg(1)", 1),
    ("boolor_agg(true)", True),
    ("sum(1)/2", Decimal("0.500000")),
    ("avg(1.5::float)", 1.5),
    ("count(distinct 1, 2)", 1),
]

COLUMNS = [
    ("sum(n)/count(*)", Decimal("2.50000000")),
    ("avg(i)", Decimal("7.000000")),
    ("avg(n)", Decimal("2.50000000")),
    ("sum(i)", 7),
    ("sum(n)", Decimal("2.50")),
    ("sum(f)", 1.5),
    ("listagg(s, ',')", "abc"),
    ("count(distinct s)", 1),
    ("ratio_to_report(i) over ()", Decimal("1.000000")),
    ("avg(i) over ()", Decimal("7.000000")),
    ("median(i)", Decimal("7.000")),
    ("stddev(i)", None),
    ("count_if(i > 1)", 1),
    ("any_value(s)", "abc"),
    ("percentile_cont(0.5) within group (order by n)", Decimal("2.50000")),
    ("approx_percentile(i, 0.5)", 7.0),
    ("boolor_agg(b)", True),
    ("max_by(s, i)", "abc"),
]


@pytest.mark.parametrize(("expression", "expected"), LITERALS)
def test_of_constants(value, expression, expected):
    assert value(f"SELECT {expression}") == expected


@pytest.mark.parametrize(("expression", "expected"), COLUMNS)
def test_of_columns(value, expression, expected):
    assert value(f"SELECT {expression} FROM t") == expected
