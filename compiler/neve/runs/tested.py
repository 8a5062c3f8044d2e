"""Data tests on demand: the queries that models' own tasks run after building them, one at a time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from neve.deploy.connect import Connection
from neve.deploy.errors import NOT_THERE, SqlError
from neve.emit.tested import in_run, test_count, test_rows
from neve.emit.text import Context, make_context, variables
from neve.ir import Compiled, DataTest, Node, Relation
from neve.names import quote_identifier
from neve.nodes import around_run_id

_RUN_ID = re.compile(r"\d{8}_\d{6}_\d{3}")


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a test of `node`: how many rows it found, or (None) the `problem` that kept it from being run.

    `sql` gives the rows; `hint` is what to type.
    """

    node: Node
    test: DataTest
    sql: str
    rows: int | None = None
    problem: str = ""
    hint: str = ""

    @property
    def state(self) -> str:
        return "error" if self.rows is None else "failed" if self.rows else "passed"


def run_tests(connection: Connection, compiled: Compiled, nodes: Sequence[Node], run: str | None) -> Iterator[Tested]:
    """The tests of models, as they are run.

    Those of a run's tables look at the run with the id `run` (as its schema's name has it), or at the newest whose
    schema is there. Raises Unreachable.
    """
    context = make_context(compiled.project, compiled.nodes)

    @cache
    def schema_of(graph: str | None) -> str | None:
        return _schema(connection, context, graph, run) if graph else ""

    for node in nodes:
        for test in node.tests:
            graph = _graph_of(context, test)
            schema = schema_of(graph)
            if schema is None:
                problem = f"no run of {graph} has left its schema"
                yield Tested(
                    node, test, "", problem=problem, hint=f"neve run {graph}; `cleanup:` says what stays of it"
                )
            else:
                yield _tested(connection, context, node, test, in_run(context, test, schema))


def run_id(text: str) -> str | None:
    """A run's id as the name of its schema has it, from that or from the number that `neve runs` shows; else None."""
    if not text.isdecimal():
        return text if _RUN_ID.fullmatch(text) else None
    try:
        moment = datetime.fromtimestamp(int(text) // 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return f"{moment:%Y%m%d_%H%M%S}_{int(text) % 1000:03}"


def _tested(
    connection: Connection, context: Context, node: Node, test: DataTest, names: Mapping[Relation, str]
) -> Tested:
    sql = test_rows(context, test, names)
    try:
        (row,) = connection.execute(test_count(context, test, names))
    except SqlError as error:
        return Tested(node, test, sql, problem=error.message, hint=_advice(node) if error.code in NOT_THERE else "")
    return Tested(node, test, sql, int(row["found"]))


def _advice(node: Node) -> str:
    return f"neve apply && neve run {node.graph}" if node.graph else "neve apply"


def _graph_of(context: Context, test: DataTest) -> str | None:
    """The graph whose run made the tables that a test looks at; None when they are in no run's schema."""
    tables = variables(context, [test.query])
    makers = (maker for table in tables if (maker := context.makers.get(table)))
    known = (maker.graph for maker in (test.query, *makers) if maker.graph)
    with_runs = (name for name, settings in context.project.graphs.items() if settings.run_schema)
    return next(iter((*known, *with_runs)), None) if tables else None


def _schema(connection: Connection, context: Context, graph: str, run: str | None) -> str | None:
    """The stored name of the schema of a graph's run; None when there is none."""
    before, after = around_run_id(context.project.graphs[graph])
    if run:
        return f"{before}{run}{after}"
    database = quote_identifier(context.project.target.database)
    rows = connection.execute(f"SELECT SCHEMA_NAME FROM {database}.INFORMATION_SCHEMA.SCHEMATA")
    pattern = re.compile(f"{re.escape(before)}{_RUN_ID.pattern}{re.escape(after)}")
    return max((name for row in rows if pattern.fullmatch(name := str(row["schema_name"]))), default=None)
