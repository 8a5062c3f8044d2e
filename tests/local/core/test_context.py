"""USE, SET, ALTER SESSION, binds, IDENTIFIER, LAST_QUERY_ID, RESULT_SCAN."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

pytestmark = pytest.mark.engine


def test_use_changes_where_names_are_looked_up(session, rows):
    database = session.database
    session.execute("create schema one")
    session.execute("create table t as select 1 as a")
    session.execute("use schema public")
    assert rows("select current_schema()") == [("PUBLIC",)]
    assert rows("select a from one.t") == [(1,)]
    session.execute(f"use {database}.one")
    assert rows("select a from t") == [(1,)]


def test_variables(session, rows):
    session.execute("set (a, b) = (5, 'x' || 'y')")
    assert rows("select $a + 1, $b, '$a'") == [(6, "xy", "$a")]
    session.execute("unset b")
    assert "B" not in session.variables


def test_variables_of_a_query(session, rows, refused):
    session.execute("set (a, b) = (select to_date('01/02/2024', 'mm/dd/yyyy') as day, dateadd(day, 1, day))")
    assert rows("select $a, $b") == [(date(2024, 1, 2), date(2024, 1, 3))]
    session.execute("set (a, b) = (with x as (select 1 as n) select n, n + 1 from x)")
    assert rows("select $a, $b") == [(1, 2)]
    assert refused("set (a, b) = (select 1, 2 union all select 3, 4)") == (90150, "22000")
    assert refused("set (a, b) = 5") == (1003, "42000")
    assert refused("set (a, b) = (") == (1003, "42000")


@pytest.mark.parametrize(
    "value",
    [1, Decimal("1.50"), "it's \\ \n", True, None, b"\x00a", date(2024, 3, 11), datetime(2024, 3, 11, 1, 2, 3, 4)],
)
def test_binds_keep_their_value(rows, value):
    assert rows("select ?", (value,)) == [(value,)]


def test_a_zoned_bind_is_the_same_moment(rows):
    moment = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
    assert rows("select ? = '2024-03-11 05:00:00'::timestamp_ltz", (moment,)) == [(True,)]


def test_places_by_number_and_by_name(rows):
    assert rows("select :2, :1", ("a", "b")) == [("b", "a")]
    assert rows("select :name || '!'", {"NAME": "x"}) == [("x!",)]


def test_a_path_into_a_variant_is_no_bind(session, rows):
    assert rows("select parse_json('{\"name\":1}'):name::int, ?", ("x",)) == [(1, "x")]


def test_identifier_of_a_string_a_variable_and_a_bind(session, rows):
    session.execute("create table t as select 1 as a")
    session.execute("set name = 't'")
    database = session.database
    assert rows("select * from identifier('t')") == rows("select * from identifier($name)") == [(1,)]
    assert rows("select * from identifier(?)", (f"{database}.public.t",)) == [(1,)]
    assert rows("select identifier('a') from table('t')") == [(1,)]


def test_the_latest_result_can_be_read_again(session, rows):
    session.execute("select 1 as a, parse_json('[1]') as b")
    assert rows("select a, b[0]::int from table(result_scan(last_query_id()))") == [(1, 1)]
    assert rows("select a + 1 from table(result_scan(last_query_id(-2)))") == [(2,)]


def test_result_of_show_can_be_read_again(session, rows):
    session.execute("create table shown (a int)")
    session.execute("show tables")
    assert rows("""select "name" from table(result_scan(last_query_id())) where "name" = 'SHOWN'""") == [("SHOWN",)]


def test_the_time_zone_is_the_sessions(session, rows):
    query = "select to_char('2024-03-11 12:00:00 +0000'::timestamp_ltz, 'HH24:MI TZHTZM')"
    assert rows(query) == [("05:00 -0700",)]
    session.execute("alter session set timezone = 'Asia/Tokyo'")
    assert rows(query) == [("21:00 +0900",)]
    session.execute("alter session unset timezone")
    assert rows(query) == [("05:00 -0700",)]


def test_output_formats_are_the_sessions(session, rows):
    session.execute(
        "alter session set timestamp_ntz_output_format = 'DD.MM.YYYY HH24:MI' date_output_format = 'YYYYMMDD'"
    )
    assert rows("select '2024-03-11 10:20:30'::timestamp::varchar, '2024-03-11'::date || ''") == [
        ("11.03.2024 10:20", "20240311")
    ]


def test_random_numbers_with_a_seed_are_the_same_each_time(rows):
    query = "select seq4(), uniform(1, 100, random(42)) from table(generator(rowcount => 50))"
    assert rows(query) == rows(query)
    assert len({drawn for _, drawn in rows(query)}) > 10


def test_a_seeded_sample_is_the_same_each_time(session, rows):
    session.execute("create table t as select seq4() as n from table(generator(rowcount => 1000))")
    query = "select n from t sample (30) seed (7) order by n"
    drawn = rows(query)
    assert drawn == rows(query)
    assert 200 < len(drawn) < 400


def test_a_role_must_exist(rows, refused):
    assert refused("use role unknown_role") == (2043, "02000")
    rows("use role sysadmin")
    assert rows("select current_role()") == [("SYSADMIN",)]
    rows("create role if not exists made_here")
    rows("use role made_here")
    assert rows("select current_role()") == [("MADE_HERE",)]
