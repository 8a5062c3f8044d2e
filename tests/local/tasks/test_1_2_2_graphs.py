"""Fact sheet 1.2.2: predecessors and finalizers, and what makes a graph impossible."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("1.2.2")]


@pytest.fixture
def two(sql):
    """Scheduled roots R1, R2, a child C1, and R9 in another schema."""
    sql.create("r1 SCHEDULE = '60 M' AS SELECT 1", "r2 SCHEDULE = '60 M' AS SELECT 1", "c1 AFTER r1 AS SELECT 1")
    other = f"{sql.prefix.split('.')[1]}_OTHER"
    sql(f"CREATE SCHEMA {other}", f"USE SCHEMA {sql.prefix.rstrip('.')}", f"CREATE TASK {other}.r9 AS SELECT 1")
    sql.other = other
    return sql


def check(sql, statement, text):
    assert sql.refuses(statement) == text.format(p=sql.prefix, other=sql.other)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("CREATE TASK c AFTER no_such AS SELECT 1", "Invalid predecessor NO_SUCH was specified."),
        ("CREATE TASK c AFTER R1, {other}.no_such AS SELECT 1", "Invalid predecessor {other}.NO_SUCH was specified."),
        ('CREATE TASK c AFTER "r1" AS SELECT 1', 'Invalid predecessor "r1" was specified.'),
        ("CREATE TASK c AFTER {other}.r9 AS SELECT 1", "Cannot have predecessor R9 from a different schema."),
        ("ALTER TASK c1 ADD AFTER {other}.r9, no_such", "Invalid predecessor NO_SUCH was specified."),
        ("ALTER TASK c1 ADD AFTER c1", "Task C1 cannot use itself as its predecessor."),
        ("CREATE TASK c AFTER c AS SELECT 1", "Task C cannot use itself as its predecessor."),
        ("ALTER TASK r1 ADD AFTER r2", "Task R1 cannot have both a schedule and a predecessor."),
        ("ALTER TASK c1 REMOVE AFTER no_such, r2", "Task C1 does not have predecessor R2."),
        ("ALTER TASK c1 REMOVE AFTER r1, no_such", "Invalid predecessor NO_SUCH was specified."),
        ("ALTER TASK c1 REMOVE AFTER {other}.r9", "Task C1 does not have predecessor R9."),
    ],
)
def test_predecessors(two, statement, text):
    check(two, statement.format(other=two.other), text)


@pytest.mark.fact("1.2.2", "8")
def test_a_schedule_beside_a_predecessor_has_its_code(two):
    assert two.refusal("CREATE TASK c SCHEDULE = '5 M' AFTER r1 AS SELECT 1").code == 91400


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("CREATE TASK f FINALIZE = no_such AS SELECT 1", "Invalid finalized root task NO_SUCH was specified."),
        ('CREATE TASK f FINALIZE = "r2" AS SELECT 1', 'Invalid finalized root task "r2" was specified.'),
        ("CREATE TASK f FINALIZE = {other}.r9 AS SELECT 1", "Cannot finalize graph {other}.R9 in a different schema."),
        (
            "CREATE TASK f FINALIZE = 5 AS SELECT 1",
            "SQL compilation error:\ninvalid value [5] for parameter 'FINALIZE'",
        ),
        ("CREATE TASK f FINALIZE = c1 AS SELECT 1", "Task {p}F cannot finalize a non-root task {p}C1."),
        ("CREATE TASK f FINALIZE = f1 AS SELECT 1", "Task {p}F cannot finalize a non-root task {p}F1."),
        ("CREATE TASK x FINALIZE = x AS SELECT 1", "Task X cannot finalize itself."),
        ("CREATE OR REPLACE TASK r1 FINALIZE = r1 AS SELECT 1", "Task R1 cannot finalize itself."),
        ("CREATE TASK f FINALIZE = r1 AS SELECT 1", "Finalize target R1 already have finalizer."),
        (
            "CREATE TASK f FINALIZE = r2 SCHEDULE = '5 M' AS SELECT 1",
            "Task F cannot have a schedule and be a finalizer task.",
        ),
        ("ALTER TASK f1 SET SCHEDULE = '5 M'", "Task F1 cannot have a schedule and be a finalizer task."),
        (
            "CREATE TASK f FINALIZE = r2 AFTER r1 AS SELECT 1",
            "Task {p}F cannot have predecessors as a finalizer task.",
        ),
        ("ALTER TASK c1 SET FINALIZE = r2", "Task {p}C1 cannot have predecessors as a finalizer task."),
        ("CREATE TASK c AFTER f1 AS SELECT 1", "Task {p}F1 cannot have children as a finalizer task."),
        ("ALTER TASK r4 SET FINALIZE = r2", "Task {p}R4 cannot have children as a finalizer task."),
        ("CREATE OR REPLACE TASK r4 FINALIZE = r2 AS SELECT 1", "Task {p}R4 cannot have children as a finalizer task."),
        ("ALTER TASK f1 SET CONFIG = '{{}}'", "Task {p}F1 cannot both be a non-root task and have a config."),
        (
            "ALTER TASK rf ADD AFTER rf",
            (
                "This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding "
                "a predecessor."
            ),
        ),
        (
            "CREATE OR REPLACE TASK rf AFTER r4 AS SELECT 1",
            (
                "Cannot replace task {p}RF with a non-root task because it has a finalizer task. Please remove the "
                "finalizer task first."
            ),
        ),
    ],
)
def test_finalizers(two, statement, text):
    two.create("f1 FINALIZE = r1 AS SELECT 1", "r4 AS SELECT 1", "c4 AFTER r4 AS SELECT 1")
    two.create("rf AS SELECT 1", "ff FINALIZE = rf AS SELECT 1")
    check(two, statement.format(other=two.other), text)


def test_predecessors_named_twice_count_once(sql):
    sql.create("r AS SELECT 1", 'c AFTER r, R, "R" AS SELECT 1')
    assert sql.shown("C", "predecessors") == f'["{sql.prefix}R"]'


def test_a_cycle_is_refused_when_the_root_is_resumed(sql):
    sql.create("r AS SELECT 1", "a AFTER r AS SELECT 1", "b AFTER a AS SELECT 1")
    sql("ALTER TASK a ADD AFTER b")
    assert "Graph has at least one cycle containing task" in sql.refuses("ALTER TASK r RESUME")
    assert "Graph has at least one cycle containing task" in sql.refuses("EXECUTE TASK r")
    assert sql.started() == set()


def test_a_second_root_is_refused_when_a_root_is_resumed(sql):
    sql.create("r1 AS SELECT 1", "r2 AS SELECT 1", "c AFTER r1, r2 AS SELECT 1")
    text = "The graph has more than one root task (one without predecessors)"
    assert text in sql.refuses("ALTER TASK r1 RESUME")
    assert text in sql.refuses("ALTER TASK r2 RESUME")
    sql("ALTER TASK c REMOVE AFTER r2", "ALTER TASK r1 RESUME")


@pytest.mark.fact("5")
def test_a_task_has_100_children_and_100_predecessors_at_most(sql):
    sql("CREATE TASK r AS SELECT 1")
    sql.create(*(f"c{i} AFTER r AS SELECT 1" for i in range(100)))
    assert "100 children" in sql.refuses("CREATE TASK c100 AFTER r AS SELECT 1")
    names = ", ".join(f"c{i}" for i in range(100))
    sql(f"CREATE TASK j AFTER {names} AS SELECT 1")
    assert "100 predecessors" in sql.refuses("ALTER TASK j ADD AFTER r")
