"""Snowflake's codes and states for what is refused."""

import pytest

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("selec 1", (1003, "42000")),
        ("select (1", (1003, "42000")),
        ("select 'open", (1003, "42000")),
        ("select nope", (904, "42000")),
        ("select x.nope from (select 1 as a) x", (904, "42000")),
        ("select * from nope", (2003, "42S02")),
        ("select * from nodb.s.t", (2003, "02000")),
        ("drop table nope", (2003, "42S02")),
        ("create table twice (a int)", (2002, "42710")),
        ("select nofunction(1)", (2140, "42601")),
        ("select list_transform([1], x -> x)", (2140, "42601")),
        ("select 1 / 0", (100051, "22012")),
        ("select 'x'::int", (100038, "22018")),
        ("select to_date('x')", (100040, "22007")),
        ("select parse_json('{')", (100069, "22P02")),
        ("select dateadd(fortnight, 1, current_date)", (1035, "42000")),
        ("select $unset", (2211, "02000")),
        ("select ?", (2049, "42601")),
        ("alter session set nope = 1", (1006, "22023")),
        ("use database nope", (2043, "02000")),
        ("use schema nope", (2043, "02000")),
        ("select system$wait()", (938, "22023")),
        ("select system$wait(0, 'SECONDS', 1)", (939, "22023")),
        ("call system$wait()", (938, "22023")),
        ("select system$wait('soon')", (100038, "22018")),
        ("select system$stream_has_data()", (938, "22023")),
        ("select system$stream_has_data('a', 'b')", (939, "22023")),
        ("select system$get_tag('a')", (938, "22023")),
        ("select get_ddl('table')", (938, "22023")),
        ("select last_query_id(1, 2)", (939, "22023")),
        ("select last_query_id('x')", (100038, "22018")),
        ("select to_timestamp()", (938, "22023")),
        ("select object_agg('a')", (938, "22023")),
        ("select width_bucket(1, 2)", (938, "22023")),
        ("select sha2('a', 3)", (1044, "42P13")),
        ("select max_by()", (938, "22023")),
        ("select to_object(1, 2)", (1044, "42P13")),
        ("select object_pick()", (1044, "42P13")),
        ("select transform('abc', 'abc')", (1044, "42P13")),
        ("select array_sort('abc')", (1044, "42P13")),
        ("select uuid_string('a', 'b')", (1044, "42P13")),
        ("select to_number('1', '9', 'x')", (1015, "22023")),
        ("select * from table(infer_schema())", (938, "22023")),
        ("use schema nope.nope", (2043, "02000")),
        ("use role nope", (2043, "02000")),
    ],
)
def test_codes(session, refused, statement, code):
    session.execute("create table twice (a int)")
    assert refused(statement) == code


def test_without_a_database(engine):
    from neve.local.errors import SqlError

    session = engine.open_session()
    with pytest.raises(SqlError) as caught:
        session.execute("select * from t")
    assert caught.value.code == 90105


@pytest.mark.parametrize(
    "statement",
    [
        "select * from t at (offset => -60)",
        "select * from t match_recognize (order by a pattern (x) define x as a > 1)",
        "select xmlget(parse_xml('<a/>'), 'a')",
        "select st_point(1, 2)",
        "undrop table t",
        "create warehouse_of_wonders x",
    ],
)
def test_what_is_not_supported_is_refused(session, statement):
    from neve.local.errors import SqlError

    session.execute("create table t (a int)")
    with pytest.raises(SqlError):
        session.execute(statement)
