"""Views of streams: they give what the streams give, and what changes rows by them takes it."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def views(sql):
    sql("create view news as select k, upper(v) as v, metadata$action as done from s")
    sql("create view added (id, word) as select k, v from news where done = 'INSERT'")
    sql("insert into t values (2, 'two')", "update t set v = 'uno' where k = 1")
    return sql


def test_reading_one_does_not_advance_the_stream(views):
    expected = [(1, "UNO"), (2, "TWO")]
    assert views("select * from added order by id") == expected
    assert views("select a.id, a.word from added as a order by a.id") == expected
    assert views("select added.word from added join (select 2 as id) x on x.id = added.id") == [("TWO",)]
    assert views("with news as (select 1 as id) select * from news") == [(1,)]


@pytest.mark.parametrize(
    "take",
    [
        "insert into taken (k, v) select id, word from added",
        "create table other as select * from added",
        "merge into taken using added a on taken.k = a.id when not matched then insert (k, v) values (a.id, a.word)",
        "update taken set v = word from added where k = id",
    ],
)
def test_a_statement_that_changes_rows_advances_the_stream(views, take):
    views(take)
    assert views("select count(*) from added") == [(0,)]
    assert views.taken() == []


def test_a_type_2_dimension_is_kept_by_a_view(sql):
    """The change view of Snowflake's own article on slowly changing dimensions, shortened."""
    sql("create table history (k int, v varchar, since varchar, until varchar, newest boolean)")
    sql("insert into history values (1, 'one', 'a', null, true)")
    sql("""create view changed as
      select k, v, 'b' as since, true as newest, 'I' as dml from s
        where metadata$action = 'INSERT'
      union all
      select k, v, since, false, 'U' from history where newest and k in (
        select distinct k from s where metadata$action = 'DELETE')""")
    sql("insert into t values (2, 'two')", "update t set v = 'uno' where k = 1")
    sql("""merge into history h using changed c on h.k = c.k and h.since = c.since
      when matched and c.dml = 'U' then update set until = 'b', newest = false
      when not matched and c.dml = 'I' then insert values (c.k, c.v, c.since, null, c.newest)""")
    assert sql("select * from history order by k, since") == [
        (1, "one", "a", "b", False),
        (1, "uno", "b", None, True),
        (2, "two", "b", None, True),
    ]
    assert sql("select * from changed") == []


def test_it_has_the_columns_of_its_query(views):
    assert [(row["name"], row["type"]) for row in views.shown("describe view added")] == [
        ("ID", "NUMBER(38,0)"),
        ("WORD", "VARCHAR(16777216)"),
    ]


def test_one_whose_stream_is_gone_says_so(views):
    views("drop stream s")
    assert "does not exist or not authorized" in views.refusal("select * from added").message


def test_it_is_there_after_a_restart(views):
    views.session.engine.live_views = None
    assert views("select count(*) from added") == [(2,)]
