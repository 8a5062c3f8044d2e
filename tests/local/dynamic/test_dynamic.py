"""Dynamic tables: the statements about them, when they are refreshed, what cannot be done to them."""

import json

import pytest
from tests.local.streams.conftest import Client

from neve.local.engine import Engine

pytestmark = pytest.mark.engine

COUNT = "create dynamic table c target_lag = '1 hour' warehouse = w as select count(*) as n from t"


def advance(sql, seconds):
    """The names and states of what was refreshed, in order."""
    ((text,),) = sql(f"select SYSTEM$LOCAL_ENGINE_CLOCK('ADVANCE', {seconds})")
    prefix = f"D.{sql.session.schema}."
    done = [refresh for refresh in json.loads(text)["refreshed"] if refresh["name"].startswith(prefix)]
    return [(refresh["name"].removeprefix(prefix), refresh["state"]) for refresh in done]


def test_created_with_rows_and_refreshed_by_hand(sql):
    assert sql(COUNT) == [("Dynamic table C successfully created.",)]
    sql("insert into t values (3, 'three')")
    assert sql("select n from c") == [(2,)]
    assert sql("alter dynamic table c refresh") == [("Statement executed successfully.",)]
    assert sql("select n from c") == [(3,)]


def test_refreshed_when_the_lag_has_passed(sql):
    sql(COUNT, "insert into t values (3, 'three')")
    assert advance(sql, 1800) == []
    assert sql("select n from c") == [(2,)]
    assert advance(sql, 1860) == [("C", "SUCCEEDED")]
    assert sql("select n from c") == [(3,)]
    assert len(advance(sql, 4 * 3600 - 60)) in {3, 4}


def test_what_is_upstream_comes_first(sql):
    sql("create dynamic table a target_lag = downstream warehouse = w as select k * 10 as k from t")
    sql("create dynamic table b target_lag = '2 hours' warehouse = w as select sum(k) as total from a")
    sql("insert into t values (3, 'three')")
    assert advance(sql, 7260) == [("A", "SUCCEEDED"), ("B", "SUCCEEDED")]
    assert sql("select total from b") == [(60,)]
    sql("insert into t values (4, 'four')", "alter dynamic table b refresh")
    assert sql("select total from b") == [(100,)]


def test_suspended_with_what_is_downstream_and_resumed(sql):
    sql("create dynamic table a target_lag = '1 hour' warehouse = w as select k from t")
    sql(
        "create dynamic table b target_lag = '1 hour' warehouse = w as select k from a", "alter dynamic table a suspend"
    )
    assert [row["scheduling_state"] for row in sql.shown("show dynamic tables")] == ["SUSPENDED"] * 2
    assert advance(sql, 7200) == []
    sql("alter dynamic table a resume")
    assert [row["scheduling_state"] for row in sql.shown("show dynamic tables")] == ["ACTIVE"] * 2
    assert {name for name, _ in advance(sql, 60)} == {"A", "B"}


def test_a_refresh_that_fails_leaves_the_rows_and_after_five_suspends(sql):
    sql("create dynamic table d target_lag = '1 hour' warehouse = w as select 10 / k as q from t")
    sql("insert into t values (0, 'zero')")
    assert "Division by zero" in sql.refusal("alter dynamic table d refresh").message
    assert sql("select count(*) from d") == [(2,)]
    assert advance(sql, 10 * 3600) == [("D", "FAILED")] * 4
    (row,) = sql.shown("show dynamic tables")
    assert row["scheduling_state"] == "SUSPENDED"
    assert row["last_suspended_on"] is not None
    history = "select state, state_message, refresh_trigger, target_lag_sec from table"
    rows = sql(f"{history}(information_schema.dynamic_table_refresh_history(name => 'D', error_only => true))")
    assert rows[0][::2] == ("FAILED", "SCHEDULED")
    assert rows[-1][2:] == ("MANUAL", 3600)


def test_on_schedule_it_is_empty_until_then(sql):
    sql(COUNT.replace("as select", "initialize = on_schedule as select"))
    assert "is not initialized" in sql.refusal("select * from c").message
    assert advance(sql, 3660) == [("C", "SUCCEEDED")]
    assert sql("select n from c") == [(2,)]


@pytest.mark.parametrize(
    "change",
    [
        "insert into c values (7)",
        "update c set n = 7",
        "delete from c",
        "truncate table c",
        "merge into c using t on c.n = t.k when matched then delete",
        "insert all into c select 1 as n",
    ],
)
def test_its_rows_cannot_be_changed(sql, change):
    sql(COUNT)
    assert "Invalid operation on Dynamic Table" in sql.refusal(change).message
    assert sql("select n from c") == [(2,)]


def test_it_is_no_table_for_other_statements(sql):
    sql(COUNT)
    for statement in ("drop table c", "alter table c add column x int"):
        assert sql.refusal(statement).code == 2203
    for statement in ("create table c (x int)", "create or replace table c (x int)", "create view c as select 1 as x"):
        assert sql.refusal(statement).code == 2002
    assert sql.refusal("create or replace dynamic table t target_lag = '1 hour' as select k from t").code == 2002


def test_show_and_describe(sql):
    text = COUNT.replace("as select", "refresh_mode = incremental comment = 'how many' as select")
    sql(text)
    (row,) = sql.shown("show dynamic tables like 'c'")
    assert (row["target_lag"], row["warehouse"], row["refresh_mode"]) == ("1 hour", "W", "INCREMENTAL")
    assert (row["scheduling_state"], row["comment"], row["text"], row["rows"]) == ("ACTIVE", "how many", text, 1)
    assert row["data_timestamp"] >= row["created_on"]
    (listed,) = [each for each in sql.shown("show objects") if each["name"] == "C"]
    assert (listed["is_dynamic"], listed["comment"]) == ("Y", "how many")
    assert [each["is_dynamic"] for each in sql.shown("show tables like 't'")] == ["N"]
    assert [each["name"] for each in sql.shown("describe dynamic table c")] == ["N"]
    sql("alter dynamic table c set target_lag = downstream comment = 'many'")
    (row,) = sql.shown("show dynamic tables")
    assert (row["target_lag"], row["comment"]) == ("DOWNSTREAM", "many")


def test_create_replace_and_drop(sql):
    sql(COUNT)
    assert sql.refusal(COUNT).code == 2002
    assert sql(COUNT.replace("table", "table if not exists")) == [("C already exists, statement succeeded.",)]
    sql("create or replace dynamic table c target_lag = '1 day' as select k from t where k > 1")
    assert sql("select * from c") == [(2,)]
    assert sql("drop dynamic table c") == [("C successfully dropped.",)]
    assert sql.refusal("select * from c").code == 2003
    assert sql.refusal("drop dynamic table c").code == 2003
    sql("drop dynamic table if exists c")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("create dynamic table x as select k from t", 2029),
        ("create dynamic table x target_lag = '30 seconds' as select k from t", 1422),
        ("create dynamic table x target_lag = 'soon' as select k from t", 1422),
        ("create dynamic table x target_lag = '1 hour' as select 1 as k", 2728),
        ("create dynamic table x target_lag = '1 hour' as select k from nowhere", 2003),
        ("create dynamic table x target_lag = '1 hour' immutable_where = 1 as select k from t", 2),
        ("create dynamic table x (k) target_lag = '1 hour' as select k from t", 2),
        ("create dynamic table x target_lag = '1 hour' as select * from s", 2),
        ("create stream x on table c", 2),
    ],
)
def test_what_is_refused(sql, statement, code):
    sql(COUNT, "create stream s on table t")
    assert sql.refusal(statement).code == code
    assert [row["name"] for row in sql.shown("show tables")] == ["C", "T"]


def test_it_survives_a_restart(tmp_path):
    engine = Engine.open(tmp_path)
    sql = Client(engine.open_session())
    sql("create database d", "create table t (k int)", "insert into t values (1)", COUNT)
    engine.close()
    engine = Engine.open(tmp_path)
    sql = Client(engine.open_session("D", "PUBLIC"))
    sql("insert into t values (2)")
    assert advance(sql, 3660) == [("C", "SUCCEEDED")]
    assert sql("select n from c") == [(2,)]
    engine.close()


def test_a_refresh_widens_what_it_fills(sql):
    sql("create dynamic table wide target_lag = downstream warehouse = w as select k * 2 as n from t")
    sql(f"update t set k = {2**62}", "alter dynamic table wide refresh")
    assert {n for (n,) in sql("select n from wide")} == {2**63}
