"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: which rows, in which types, and the counts that are told."""

from datetime import date

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def pair(session):
    session.execute("create table t (a int, b varchar)")
    session.execute("insert into t values (1, 'one'), (2, 'two')")
    session.execute("create table s (a int, b varchar)")
    session.execute("insert into s values (2, 'zwei'), (3, 'drei')")


def test_values_are_brought_into_the_columns_types(session, rows):
    session.execute("create table t (a int, b varchar, d date, j variant, k boolean)")
    session.execute("insert into t values ('7', 5, '2024-03-11', 'text', 'yes')")
    session.execute("insert into t (a, d, j) select 2.5::float, '2024-03-12 10:00:00'::timestamp, 5")
    assert rows("select * from t order by a desc") == [
        (7, "5", date(2024, 3, 11), '"text"', True),
        (3, None, date(2024, 3, 12), "5", None),
    ]


def test_insert_tells_how_many_rows(session):
    session.execute("create table t (a int)")
    result = session.execute("insert into t select 1 union all select 2")
    assert result.dicts() == [{"number of rows inserted": 2}]
    assert result.rowcount == 2


def test_insert_overwrite_replaces_all_rows(session, rows, pair):
    session.execute("insert overwrite into t select 9, 'nine'")
    assert rows("select * from t") == [(9, "nine")]


def test_too_few_values_are_refused(refused, pair):
    assert refused("insert into t values (1)") == (2020, "21S01")


def test_update_from_another_table(session, rows, pair):
    result = session.execute("update t set t.b = s.b from s where t.a = s.a")
    assert result.rows == [(1, 0)]
    assert rows("select b from t order by a") == [("one",), ("zwei",)]


def test_delete_using_another_table(session, rows, pair):
    assert session.execute("delete from t using s where t.a = s.a").rows == [(1,)]
    assert rows("select a from t") == [(1,)]


def test_merge_counts_what_each_clause_did(session, rows, pair):
    result = session.execute(
        """merge into t using s on t.a = s.a
           when matched and s.b = 'nobody' then delete
           when matched then update set t.b = s.b
           when not matched then insert (a, b) values (s.a, s.b)"""
    )
    assert result.dicts() == [{"number of rows inserted": 1, "number of rows updated": 1, "number of rows deleted": 0}]
    assert rows("select * from t order by a") == [(1, "one"), (2, "zwei"), (3, "drei")]


def test_merge_names_only_the_actions_it_has(session, pair):
    result = session.execute("merge into t tt using (select * from s) ss on tt.a = ss.a when matched then delete")
    assert result.dicts() == [{"number of rows deleted": 1}]


def test_insert_all_puts_a_row_wherever_its_condition_holds(session, rows, pair):
    result = session.execute(
        """insert all
             when n > 1 then into t (a) values (n)
             when n > 2 then into s (a) values (n)
             else into s (b) values ('else')
           select column1 as n from values (1), (2), (3)"""
    )
    assert result.dicts() == [{"number of rows inserted into T": 2, "number of rows inserted into S": 2}]
    assert rows("select a from t where b is null order by a") == [(2,), (3,)]


def test_insert_first_stops_at_the_first_condition(session, rows, pair):
    session.execute(
        """insert first when n > 1 then into t (a) values (n) when n > 2 then into s (a) values (n)
           select column1 as n from values (1), (2), (3)"""
    )
    assert rows("select count(*) from s") == [(2,)]


def test_truncate(session, rows, refused, pair):
    session.execute("truncate table t")
    assert rows("select count(*) from t") == [(0,)]
    session.execute("truncate table if exists nope")
    assert refused("truncate table nope") == (2003, "42S02")


def test_null_in_a_column_that_must_have_a_value(session, refused):
    session.execute("create table t (a int not null)")
    assert refused("insert into t values (null)") == (100072, "22000")
