import pytest

from neve.deploy.definition import differences, fields_of_row, fields_of_statement

STATEMENT = """CREATE OR ALTER TASK DB.S.R$A
  WAREHOUSE = MY_WH
  SCHEDULE = '24 HOURS'
  CONFIG = $${"b": 1, "a": "x"}$$
  USER_TASK_TIMEOUT_MS = 60000
  COMMENT = 'It\\'s one. [neve:p/local:1a]'
  AFTER DB.S.R$B, DB.S.R
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R$B') = 'a'
AS EXECUTE IMMEDIATE $$
BEGIN
  SELECT 1 AS one;
END;
$$"""

ROW = {
    "warehouse": "MY_WH",
    "schedule": "24 HOURS",
    "config": '{"a":"x","b":1}',
    "comment": "It's one. [neve:p/local:1a]",
    "predecessors": '["DB.S.R","DB.S.R$B"]',
    "task_relations": '{"Predecessors":["DB.S.R","DB.S.R$B"]}',
    "condition": "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R$B') = 'a'",
    "definition": "EXECUTE IMMEDIATE $$\nBEGIN\n  SELECT 1 AS one;\nEND;\n$$",
    "overlap_policy": "NO_OVERLAP",
    "error_integration": "null",
    "execute_as_user": None,
}


def test_a_statement_is_read_into_its_fields():
    fields = fields_of_statement(STATEMENT)
    assert fields["schedule"] == "24 HOURS"
    assert fields["comment"] == "It's one."
    assert fields["after"] == "DB.S.R, DB.S.R$B"
    assert fields["when"] == "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('R$B') = 'a'"
    assert fields["body"].startswith("EXECUTE IMMEDIATE $$\nBEGIN")
    assert fields["user_task_timeout_ms"] == "60000"


def test_a_row_of_show_tasks_that_says_the_same_differs_in_nothing():
    assert differences(ROW, STATEMENT) == []


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("schedule", "5 MINUTES", "schedule"),
        ("warehouse", None, "warehouse"),
        ("config", '{"a":"x","b":2}', "config"),
        ("comment", "Other. [neve:p/local:1a]", "comment"),
        ("predecessors", '["DB.S.R"]', "after"),
        ("condition", None, "when"),
        ("definition", "SELECT 2", "body"),
        ("overlap_policy", "ALLOW_CHILD_OVERLAP", "overlap_policy"),
        ("task_relations", '{"FinalizedRootTask":"DB.S.R"}', "finalize"),
        ("execute_as_user", "JOE", "execute_as_user"),
    ],
)
def test_what_was_edited_by_hand_is_seen(column, value, field):
    assert [found for found, _, _ in differences({**ROW, column: value}, STATEMENT)] == [field]


def test_names_are_compared_as_snowflake_stores_them():
    statement = 'CREATE OR ALTER TASK DB.S.F FINALIZE = db.s."my root" AS select 1'
    row = {"definition": "select 1", "task_relations": '{"FinalizedRootTask":"DB.S.\\"my root\\"","Predecessors":[]}'}
    assert differences(row, statement) == []


def test_only_what_is_set_is_told():
    assert fields_of_row({"schedule": None, "definition": "select 1", "predecessors": "[]"}) == {
        "body": "select 1",
    }
    assert fields_of_statement("CREATE OR REPLACE TASK R AS select 1") == {"body": "select 1"}
