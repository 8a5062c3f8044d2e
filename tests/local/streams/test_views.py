"""Streams on views that select columns and rows of one table."""

import pytest

pytestmark = pytest.mark.engine

INSERT, DELETE = "INSERT", "DELETE"


@pytest.fixture
def view(sql):
    """A view `big` of the rows of `t` from 10 on, and a stream on it."""
    sql("create view big as select k as key, upper(v) as word, k * 2 as twice from t where k >= 10")
    sql("create stream b on view big")
    return sql


def test_changes_are_shown_as_the_view_shows_rows(view):
    view("insert into t values (2, 'two'), (11, 'eleven'), (12, 'twelve')")
    assert view.taken("b", "key, word, twice") == [(11, "ELEVEN", 22, INSERT, False), (12, "TWELVE", 24, INSERT, False)]


@pytest.fixture
def filled(view):
    view("insert into t values (11, 'eleven'), (12, 'twelve')", "create temporary table rest as select * from b")
    assert view.taken("b", "key") == []
    return view


def test_what_enters_or_leaves_the_view_is_an_insert_or_a_delete(filled):
    filled("update t set k = 20 where k = 1", "update t set k = 5 where k = 11")
    assert filled.taken("b", "key, word") == [(11, "ELEVEN", DELETE, False), (20, "ONE", INSERT, False)]


def test_what_changes_within_the_view_is_an_update(filled):
    filled("update t set v = 'dozen' where k = 12", "update t set v = v || '!' where k = 1")
    expected = [(12, "DOZEN", INSERT, True), (12, "TWELVE", DELETE, True)]
    assert filled.taken("b", "key, word") == expected


def test_what_the_view_does_not_show_is_no_change(filled):
    filled("insert into t values (3, 'three')", "update t set v = upper(v) where k = 12")
    assert filled("select system$stream_has_data('b')") == [(False,)]
    filled("delete from t where k = 12")
    assert filled("select system$stream_has_data('b')") == [(True,)]


def test_it_advances_when_its_changes_are_taken(view):
    view("insert into t values (11, 'eleven')", "create table took as select key, metadata$action as action from b")
    assert view("select * from took") == [(11, INSERT)]
    assert view.taken("b", "key") == []
    assert view.taken("s", "k") == [(11, INSERT, False)]


def test_append_only_and_initial_rows(sql):
    sql("create view every_one (number, text) as select * from t as one")
    sql("create stream b on view every_one append_only = true")
    sql("create stream c on view every_one show_initial_rows = true")
    sql("insert into t values (2, 'two'), (3, 'three')", "delete from t where k = 3")
    assert sql.taken("b", "number, text") == [(2, "two", INSERT, False), (3, "three", INSERT, False)]
    assert sql.taken("c", "number, text") == [(1, "one", INSERT, False)]


def test_how_it_is_shown(view):
    row = view.shown("show streams like 'b'")[0]
    assert (row["source_type"], row["mode"]) == ("View", "DEFAULT")
    assert row["table_name"].endswith(".BIG")
    assert row["base_tables"].endswith(".T")


@pytest.mark.parametrize("change", ["drop view big", "create or replace view big as select k as key from t"])
def test_a_view_that_is_gone_or_another_gives_nothing(view, change):
    view(change)
    error = view.refusal("select * from b")
    assert (error.code, error.sqlstate) == (91901, "01000")


@pytest.mark.parametrize(
    "query",
    ["select count(*) as n from t", "select k from t limit 1", "select distinct k from t", "select key from big",
     "select t.k from t join t as u on t.k = u.k", "select k from t union all select k from t",
     "select k, row_number() over (order by k) as n from t", "select k from t where k in (select k from t)",
     "select * exclude v from t", "select 1 as one"],
)  # fmt: skip
def test_views_that_do_more_are_refused(view, query):
    view(f"create view more as {query}")
    error = view.refusal("create stream x on view more")
    assert (error.code, error.sqlstate) == (2, "0A000")


def test_what_is_no_view_is_refused(view):
    assert view.refusal("create stream x on view t").code == 2003
    assert view.refusal("create stream x on view nope").code == 2003


def test_a_copy_of_the_schema_has_it_too(view):
    (schema,) = view("select current_schema()")[0]
    view(f"create schema {schema}_copy clone {schema}", f"use schema {schema}_copy")
    view("insert into t values (11, 'eleven')")
    assert view.taken("b", "key, word, twice") == [(11, "ELEVEN", 22, INSERT, False)]
