"""Data tests in a model's task: after the model is built, and failing the task with what they found."""

from collections.abc import Mapping

from neve.emit.text import Context, body
from neve.ir import Node, Relation
from neve.names import quote_string


def test_statements(context: Context, node: Node, names: Mapping[Relation, str]) -> list[str]:
    """One query that counts the rows each test finds, and an exception that lists them."""
    if not node.tests:
        return []
    counts = " UNION ALL\n".join(
        f"SELECT {quote_string(test.name)} AS test, COUNT(*) AS found FROM (\n{body(context, test.query, names)}\n)"
        for test in node.tests
    )
    listed = f"SELECT LISTAGG(test || ': ' || found || ' rows', ', ') FROM (\n{counts}\n) WHERE found > 0"
    return [f"LET failed_tests VARCHAR := ({listed})", _RAISE]


# An exception's text is fixed where it is declared: so it is declared once the text is known.
_RAISE = """IF (failed_tests <> '') THEN
  LET failure VARCHAR := REPLACE(failed_tests, '''', '"');
  LET raise_failure VARCHAR := 'DECLARE failed EXCEPTION (-20001, ''' || failure || '''); BEGIN RAISE failed; END';
  EXECUTE IMMEDIATE :raise_failure;
END IF"""
