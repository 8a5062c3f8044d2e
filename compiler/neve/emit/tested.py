"""Data tests as SQL: in a model's task, which they fail after the model is built, and each on its own."""

from collections.abc import Mapping

from neve.emit.text import Context, body, variables
from neve.ir import DataTest, Node, Relation
from neve.names import qualified, quote_string


def test_statements(context: Context, node: Node, names: Mapping[Relation, str]) -> list[str]:
    """One query that counts the rows each test finds, and an exception that lists them."""
    if not node.tests:
        return []
    counts = " UNION ALL\n".join(test_count(context, test, names) for test in node.tests)
    listed = f"SELECT LISTAGG(test || ': ' || found || ' rows', ', ') FROM (\n{counts}\n) WHERE found > 0"
    return [f"LET failed_tests VARCHAR := ({listed})", _RAISE]


def test_count(context: Context, test: DataTest, names: Mapping[Relation, str]) -> str:
    """A query that counts the rows a test finds."""
    found = test_rows(context, test, names)
    return f"SELECT {quote_string(test.name)} AS test, COUNT(*) AS found FROM (\n{found}\n)"


def test_rows(context: Context, test: DataTest, names: Mapping[Relation, str]) -> str:
    """The query whose rows should not be there."""
    return body(context, test.query, names, test.query.facts.statements[0])


def in_run(context: Context, test: DataTest, schema: str) -> Mapping[Relation, str]:
    """How a test outside of a run names the tables of one whose schema it knows."""
    return {
        relation: qualified(relation.database, schema, relation.name) for relation in variables(context, [test.query])
    }


# An exception's text is fixed where it is declared: so it is declared once the text is known.
_RAISE = """IF (failed_tests <> '') THEN
  LET failure VARCHAR := REPLACE(failed_tests, '''', '"');
  LET raise_failure VARCHAR := 'DECLARE failed EXCEPTION (-20001, ''' || failure || '''); BEGIN RAISE failed; END';
  EXECUTE IMMEDIATE :raise_failure;
END IF"""
