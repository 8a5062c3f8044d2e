"""Which bodies mark their last commit, so that a kill right after it does not have them repeated."""

import pytest

from neve.local import marks

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.4")]

ENDS_WITH_A_COMMIT = {
    "insert": "INSERT INTO t VALUES (1)",
    "create": "CREATE OR REPLACE TABLE u AS SELECT 1 AS n",
    "block": "BEGIN INSERT INTO t VALUES (1); UPDATE t SET n = 2; RETURN 'x'; END",
    "text": "EXECUTE IMMEDIATE $$ BEGIN INSERT INTO t VALUES (1); END $$",
    "transaction": "BEGIN BEGIN TRANSACTION; INSERT INTO t VALUES (1); COMMIT; END",
    "procedure": "CALL p()",
    "flow": "SELECT 1 AS n ->> INSERT INTO t SELECT n FROM $1",
}
GOES_ON = {
    "a value": "BEGIN INSERT INTO t VALUES (1); CALL SYSTEM$SET_RETURN_VALUE('x'); END",
    "a query": "BEGIN INSERT INTO t VALUES (1); RETURN (SELECT COUNT(*) FROM t); END",
    "a loop": "BEGIN FOR i IN 1 TO 2 DO INSERT INTO t VALUES (:i); END FOR; END",
    "rollback": "BEGIN BEGIN TRANSACTION; INSERT INTO t VALUES (1); ROLLBACK; END",
    "nothing": "SELECT 1",
    "a flow": "INSERT INTO t VALUES (1) ->> SELECT COUNT(*) FROM t",
}


@pytest.fixture
def is_marked(sql):
    """Whether the run of a body left its mark."""
    sql(
        "CREATE TABLE t (n INT)",
        "CREATE PROCEDURE p() RETURNS INT AS BEGIN DELETE FROM t; INSERT INTO t VALUES (1); END",
    )

    def run(body):
        sql(f"CREATE OR REPLACE TASK r AS {body}")
        assert sql.run() == {"R": "SUCCEEDED"}, sql.row("R")["ERROR_MESSAGE"]
        return sql.row("R")["QUERY_ID"] in marks.read(sql.engine)

    return run


@pytest.mark.parametrize("body", ENDS_WITH_A_COMMIT.values(), ids=ENDS_WITH_A_COMMIT)
def test_a_body_that_ends_with_a_commit_is_marked(is_marked, body):
    assert is_marked(body)


@pytest.mark.parametrize("body", GOES_ON.values(), ids=GOES_ON)
def test_a_body_that_goes_on_after_it_is_not(is_marked, body):
    assert not is_marked(body)


def test_a_failing_statement_leaves_no_mark(sql):
    sql("CREATE TABLE t (n INT NOT NULL)", "CREATE TASK r AS INSERT INTO t VALUES (1), (NULL)")
    before = marks.read(sql.engine)
    assert sql.run() == {"R": "FAILED"}
    assert marks.read(sql.engine) == before


def test_marks_are_seen_nowhere(sql):
    sql("CREATE TABLE t (n INT)", "CREATE TASK r AS INSERT INTO t VALUES (1)")
    sql.run()
    told = [sql(f"{what} IN ACCOUNT") for what in ("SHOW TABLES", "SHOW OBJECTS", "SHOW COLUMNS")]
    told.append(sql("SELECT * FROM INFORMATION_SCHEMA.TABLES"))
    assert "_neve" not in str(told).lower()


def test_marks_are_forgotten_once_the_store_has_caught_up(sql):
    sql("CREATE TABLE t (n INT)", "CREATE TASK r AS INSERT INTO t VALUES (1)")
    sql.run()
    marks.forget(sql.engine, marks.read(sql.engine))
    assert marks.read(sql.engine) == frozenset()
