"""Tables and views: made, changed, dropped, shown."""

import pytest

from neve.local.engine import Engine
from neve.local.errors import SqlError


def status(session, sql):
    return session.execute(sql).rows[0][0]


def test_a_table_keeps_what_duckdb_has_no_place_for(session):
    session.execute("CREATE TABLE t (n NUMBER(38,0) NOT NULL COMMENT 'key', v VARCHAR(10)) COMMENT = 'about t'")
    described = session.execute("DESCRIBE TABLE t").dicts()
    assert [(row["name"], row["type"], row["null?"], row["comment"]) for row in described] == [
        ("N", "NUMBER(38,0)", "N", "key"),
        ("V", "VARCHAR(10)", "Y", None),
    ]
    assert session.execute("SHOW TABLES").dicts()[0]["comment"] == "about t"


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("CREATE TABLE t (a INT)", "Object 'T' already exists."),
        ("CREATE VIEW t AS SELECT 1", "Object 'T' already exists."),
        ("CREATE OR REPLACE VIEW t AS SELECT 1", "Object 'T' already exists."),
        ("DROP VIEW t", "Object found is of type 'TABLE', not specified type 'VIEW'."),
        ("DROP TABLE u", "Table 'D.S.U' does not exist or not authorized."),
        ("ALTER TABLE u RENAME TO v", "Table 'D.S.U' does not exist or not authorized."),
    ],
)
def test_refusals(session, sql, text):
    session.execute("CREATE TABLE t (a INT)")
    with pytest.raises(SqlError) as refused:
        session.execute(sql)
    assert text in refused.value.message


def test_if_exists_and_if_not_exists(session):
    assert status(session, "CREATE TABLE IF NOT EXISTS t (a INT)") == "Table T successfully created."
    assert status(session, "CREATE TABLE IF NOT EXISTS t (a INT)") == "T already exists, statement succeeded."
    assert status(session, "DROP TABLE IF EXISTS t") == "T successfully dropped."
    assert status(session, "DROP TABLE IF EXISTS nowhere.at.all") == "Drop statement executed successfully."


def test_a_failed_replacement_leaves_the_old_table(session):
    session.execute("CREATE TABLE t AS SELECT 1 AS a")
    with pytest.raises(SqlError):
        session.execute("CREATE OR REPLACE TABLE t AS SELECT * FROM nowhere")
    assert session.execute("SELECT a FROM t").rows == [(1,)]


def test_clone_and_like(session):
    session.execute("CREATE TABLE t (a INT COMMENT 'c')")
    session.execute("INSERT INTO t VALUES (7)")
    session.execute("CREATE TABLE c CLONE t")
    session.execute("CREATE TABLE l LIKE t")
    assert session.execute("SELECT (SELECT COUNT(*) FROM c), (SELECT COUNT(*) FROM l)").rows == [(1, 0)]
    assert session.execute("DESCRIBE TABLE l").dicts()[0]["comment"] == "c"


def test_alter(session):
    session.execute("CREATE TABLE t (a INT)")
    session.execute("INSERT INTO t VALUES (1)")
    for change in ("ADD COLUMN b VARCHAR DEFAULT 'x'", "RENAME COLUMN a TO c", "SET COMMENT = 'new'", "RENAME TO u"):
        assert status(session, f"ALTER TABLE {'t'} {change}") == "Statement executed successfully."
    assert session.execute("SELECT c, b FROM u").rows == [(1, "x")]
    assert session.execute("SHOW TABLES").dicts()[0]["comment"] == "new"


def test_swap(session):
    session.execute("CREATE TABLE a AS SELECT 'a' AS v")
    session.execute("CREATE TABLE b AS SELECT 'b' AS v")
    session.execute("ALTER TABLE a SWAP WITH b")
    assert session.execute("SELECT v FROM a").rows == [("b",)]


def test_a_temporary_table_hides_another_and_is_its_sessions(session, engine):
    session.execute("CREATE TABLE t AS SELECT 'stays' AS v")
    session.execute("CREATE TEMPORARY TABLE t AS SELECT 'goes' AS v")
    assert session.execute("SELECT t.v FROM t").rows == [("goes",)]
    other = engine.open_session("D", "S")
    assert other.execute("SELECT v FROM t").rows == [("stays",)]
    session.execute("DROP TABLE t")
    assert session.execute("SELECT v FROM t").rows == [("stays",)]


@pytest.mark.parametrize("create", ["CREATE TABLE", "CREATE OR REPLACE TABLE", "CREATE TABLE IF NOT EXISTS"])
def test_a_table_can_be_made_that_a_temporary_one_hides(session, engine, create):
    session.execute("CREATE TEMPORARY TABLE t AS SELECT 'goes' AS v")
    session.execute(f"{create} t AS SELECT 'stays' AS v")
    assert session.execute("SELECT v FROM t").rows == [("goes",)]
    assert engine.open_session("D", "S").execute("SELECT v FROM t").rows == [("stays",)]
    session.execute("DROP TABLE t")
    assert session.execute("SELECT v FROM t").rows == [("stays",)]


def test_a_table_that_counts_can_be_made_anew(session):
    for _ in range(2):
        session.execute("CREATE OR REPLACE TABLE t (id INT AUTOINCREMENT, v INT)")
        session.execute("INSERT INTO t (v) VALUES (7), (8)")
    session.execute("ALTER TABLE t RENAME TO u")
    session.execute("CREATE TABLE t (id INT AUTOINCREMENT)")
    assert session.execute("SELECT * FROM u ORDER BY id").rows == [(1, 7), (2, 8)]


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t ADD c",
        "CREATE SEQUENCE s START x",
        "COPY INTO t FROM ()",
        "INSERT OVERWRITE t",
        "MERGE INTO t USING t u ON t.a = u.a WHEN NOT MATCHED THEN INSERT ()",
        "SELECT OBJECT_CONSTRUCT(2",
        "UPDATE DESCRIBE t SET a = 1",
        "USE",
        "SET x =",
        "CREATE VIEW v AS",
        "CREATE TABLE u (a INT AUTOINCREMENT (b))",
        "SELECT * FROM t, LATERAL FLATTEN(a => 1)",
        "; SHOW",
    ],
)
def test_half_a_statement_is_no_fault_of_the_engines(session, sql):
    session.execute("CREATE TABLE t (a INT)")
    with pytest.raises(SqlError) as caught:
        session.execute(sql)
    assert caught.value.code != 603


def test_autoincrement_counts(session):
    session.execute("CREATE TABLE t (id INT AUTOINCREMENT START 10 INCREMENT 5, v VARCHAR)")
    session.execute("INSERT INTO t (v) VALUES ('a'), ('b')")
    assert session.execute("SELECT id FROM t ORDER BY id").rows == [(10,), (15,)]


@pytest.mark.parametrize(
    "words", ["AUTOINCREMENT START 5 INCREMENT -2", "IDENTITY START = 5 INCREMENT =-2", "IDENTITY(5, -2)"]
)
def test_autoincrement_counts_down(session, words):
    session.execute(f"CREATE TABLE t (id INT {words}, v VARCHAR)")
    session.execute("INSERT INTO t (v) VALUES ('a'), ('b'), ('c'), ('d')")
    assert session.execute("SELECT id FROM t ORDER BY v").rows == [(5,), (3,), (1,), (-1,)]


def test_view_with_names_and_comment(session):
    session.execute("CREATE VIEW v (x, y COMMENT 'second') COMMENT = 'about v' AS SELECT 1, 2")
    assert session.execute("SELECT y FROM v").rows == [(2,)]
    shown = session.execute("SHOW VIEWS").dicts()[0]
    assert (shown["comment"], shown["text"][:11]) == ("about v", "CREATE VIEW")


def test_show_narrows_by_pattern_scope_start_and_limit(session):
    for name in ("one", "other", "third"):
        session.execute(f"CREATE TABLE {name} (a INT)")
    names = [row["name"] for row in session.execute("SHOW TABLES LIKE 'o%' IN SCHEMA D.S").dicts()]
    assert names == ["ONE", "OTHER"]
    assert [r["name"] for r in session.execute("SHOW TABLES IN DATABASE D STARTS WITH 'O' LIMIT 1").dicts()] == ["ONE"]
    assert session.execute("SHOW TABLES IN SCHEMA D.PUBLIC").rows == []
    with pytest.raises(SqlError, match="does not exist"):
        session.execute("SHOW TABLES IN SCHEMA D.NOWHERE")


def test_all_survive_a_restart(tmp_path):
    engine = Engine.open(tmp_path)
    session = engine.open_session()
    for sql in ("CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (v VARCHAR(3)) COMMENT = 'kept'"):
        session.execute(sql)
    engine.close()
    engine = Engine.open(tmp_path)
    assert engine.open_session().execute("SHOW TABLES IN ACCOUNT").dicts()[0]["comment"] == "kept"
    engine.close()


def test_sequences_count_down(session):
    session.execute("CREATE SEQUENCE s START 1 INCREMENT -1")
    assert [session.execute("SELECT s.NEXTVAL").rows for _ in range(3)] == [[(1,)], [(0,)], [(-1,)]]


def test_what_is_no_number_is_a_mistake_of_syntax(session):
    with pytest.raises(SqlError, match=r"'0\.2\.' is not a number"):
        session.execute("SELECT .2.")
