"""Statements in a row by `->>`: where they are cut, and where not."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


@pytest.fixture
def run(shared):
    return lambda *statements: [shared.execute(sql).rows for sql in statements][-1]


def test_a_task_is_altered_to_a_flow(run):
    run("create or replace table f (n int)", "create or replace task tk as select 1")
    run("alter task tk modify as insert into f values (1) ->> insert into f values (2)")
    assert run("select * from f") == []
    assert run("select get_ddl('task', 'tk')")[0][0].count("insert") == 2


def test_a_table_is_altered_in_a_flow(run):
    run("create or replace table f (n int)")
    assert run("alter table f add column m int ->> insert into f values (1, 2) ->> select m from f") == [(2,)]


def test_nothing_runs_when_a_piece_is_empty(run):
    run("create or replace table f (n int)")
    with pytest.raises(SqlError, match="unexpected '<EOF>'"):
        run("insert into f values (1) ->>")
    assert run("select * from f") == []
