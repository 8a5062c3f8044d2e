"""Fact sheet 1.3 to 1.5: CREATE OR ALTER, OR REPLACE, CLONE."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("1.3")]


def test_or_alter_resets_what_is_left_out_and_keeps_id_dates_and_tags(sql):
    sql("CREATE TASK r AS SELECT 1")
    sql(
        "CREATE TASK t WITH TAG (cost = 'low') SCHEDULE = '5 M' COMMENT = 'c' CONFIG = '{}' "
        "WAREHOUSE = w QUERY_TAG = 'q' WHEN 1 = 1 AS SELECT 1"
    )
    before = sql.shown("T")
    sql("CREATE OR ALTER TASK t AS SELECT 2")
    after = sql.shown("T")
    changed = {key: value for key, value in after.items() if value != before[key]}
    assert changed == {
        "schedule": None,
        "comment": "",
        "config": None,
        "warehouse": None,
        "condition": None,
        "definition": "SELECT 2",
    }
    assert sql("SHOW PARAMETERS LIKE 'QUERY_TAG' IN TASK t")[0]["level"] == ""
    sql("CREATE OR ALTER TASK t AFTER r AS SELECT 2")
    assert sql.shown("T", "predecessors") == f'["{sql.prefix}R"]'


def test_or_alter_creates_what_is_absent(sql):
    assert sql.status("CREATE OR ALTER TASK t AS SELECT 1") == "Task T successfully created."
    assert sql.shown("T", "state") == "suspended"


def test_or_alter_sets_no_tags(sql):
    assert "TAG" in sql.refuses("CREATE OR ALTER TASK t WITH TAG (a = 'b') AS SELECT 1")


@pytest.mark.fact("1.3", "1.4", "8")
@pytest.mark.parametrize("verb", ["OR ALTER", "OR REPLACE"])
def test_a_changed_graph_must_be_suspended(sql, verb):
    sql.graph("r AS SELECT 1", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    sql("ALTER TASK r RESUME")
    for statement in (
        f"CREATE {verb} TASK r AS SELECT 2",
        f"CREATE {verb} TASK c AFTER r AS SELECT 2",
        f"CREATE {verb} TASK f FINALIZE = r AS SELECT 2",
        "CREATE TASK new AFTER c AS SELECT 1",
    ):
        error = sql.refusal(statement)
        assert (error.code, error.sqlstate) == (91421, "22000")
        assert error.message == (
            f"Unable to update graph with root task {sql.prefix}R since that root task is not suspended."
        )
    sql("ALTER TASK r SUSPEND", f"CREATE {verb} TASK c AFTER r AS SELECT 2")
    assert sql.shown("C", "state") == "suspended"


@pytest.mark.fact("1.4")
def test_or_replace_gives_a_new_suspended_task(sql):
    sql("CREATE TASK t COMMENT = 'c' AS SELECT 1", "ALTER TASK t RESUME")
    assert sql.refusal("CREATE OR REPLACE TASK t AS SELECT 2").code == 91421
    before = sql.shown("T", "id")
    sql("ALTER TASK t SUSPEND", "CREATE OR REPLACE TASK t AS SELECT 2")
    assert sql.shown("T", "id") != before
    assert (sql.shown("T", "state"), sql.shown("T", "comment")) == ("suspended", "")


@pytest.mark.fact("1.4")
def test_a_refused_replace_leaves_the_old_task(sql):
    sql("CREATE TASK t AS SELECT 1")
    before = sql.shown("T")
    sql.refuses("CREATE OR REPLACE TASK t SCHEDULE = 'never' AS SELECT 2")
    assert sql.shown("T") == before


@pytest.mark.fact("1.4")
def test_links_of_others_survive_a_replace(sql):
    sql.create("r AS SELECT 1", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    sql("CREATE OR REPLACE TASK r AS SELECT 2")
    assert sql.shown("C", "predecessors") == f'["{sql.prefix}R"]'
    assert '"FinalizerTask"' in sql.shown("R", "task_relations")


@pytest.mark.fact("1.4")
def test_a_replaced_root_counts_its_versions_from_one(sql):
    sql("CREATE TASK r AS SELECT 1")
    sql.run()
    sql("ALTER TASK r MODIFY AS SELECT 2")
    sql.run()
    assert sql.row("R")["GRAPH_VERSION"] == 2
    sql("CREATE OR REPLACE TASK r AS SELECT 3")
    sql.run()
    assert sql.last()["GRAPH_VERSION"] == 1


@pytest.mark.fact("1.5")
def test_a_clone_copies_all_and_keeps_its_predecessors(sql):
    sql.create("r AS SELECT 1", "c COMMENT = 'x' QUERY_TAG = 'q' AFTER r WHEN 1 = 1 AS SELECT 5")
    sql("ALTER TASK c RESUME", "CREATE TASK d CLONE c")
    c, d = sql.shown("C"), sql.shown("D")
    own = {"name", "id", "created_on", "state"}
    assert {key: value for key, value in c.items() if key not in own} == {
        key: value for key, value in d.items() if key not in own
    }
    assert d["state"] == "suspended"
    assert sql("SHOW PARAMETERS LIKE 'QUERY_TAG' IN TASK d")[0]["value"] == "q"


@pytest.mark.fact("1.5")
def test_a_clone_of_nothing(sql):
    assert sql.refusal("CREATE TASK d CLONE nothing").code == 2003
