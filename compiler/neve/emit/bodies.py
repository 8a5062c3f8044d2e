"""The bodies of tasks: one statement as it is, everything else as a block in EXECUTE IMMEDIATE (fact sheet 7.3)."""

import re
from collections.abc import Mapping, Sequence

from neve.emit.tested import test_statements
from neve.emit.text import Context, beside, body, columns, fresh, strategy, table, through, variables
from neve.ir import GraphSettings, Node, Project, Relation, Statement
from neve.names import fold, quote_identifier, quote_string
from neve.nodes import around_run_id, as_list

_ORIGINAL = "SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ"
_GRANTS = " COPY GRANTS"
_VIEW = re.compile(r"create\s+(?:or\s+\w+\s+)?(?:(?:secure|recursive|materialized)\s+)*view\b", re.IGNORECASE)
RUN_ID = f"TO_CHAR(CONVERT_TIMEZONE('UTC', {_ORIGINAL}), 'YYYYMMDD_HH24MISS_FF3')"
"""The run's id in SQL: its original scheduled time in UTC, the same for a retry (fact sheet 4.5)."""


def sql_body(context: Context, nodes: Sequence[Node]) -> str:
    """The body of the task that runs these SQL files, one after the other."""
    held = variables(context, nodes)
    own = [statement for node in nodes for statement in _statements(context, node, held)]
    if held:
        return block(_declared(context.project, nodes[0], held), own)
    if len(own) == 1:
        return block_text(own[0]) if nodes[0].facts.statements[0].scripting else own[0]
    return block([], own)


def _statements(context: Context, node: Node, held: Mapping[Relation, str]) -> list[str]:
    if node.materialized is not None:
        return [*_model(context, node, held), *test_statements(context, node, through(held))]
    return [_statement(context, node, held, statement) for statement in node.facts.statements]


def _statement(context: Context, node: Node, held: Mapping[Relation, str], at: Statement) -> str:
    """One statement of a task; a view of the run names its tables without variables, which its text must not have."""
    is_view = _VIEW.match(node.rendered.text, at.start)
    return body(context, node, through(held), at, beside(held) if is_view else None)


def block(ours: Sequence[str], users: Sequence[str] = ()) -> str:
    """Statements as one block that any client can send; the user's own keep their lines as they are."""
    lines = "".join(f"  {statement};\n" for statement in ours) + "".join(f"{statement};\n" for statement in users)
    return block_text(f"BEGIN\n{lines}END")


def block_text(text: str) -> str:
    return f"EXECUTE IMMEDIATE $$\n{text};\n$$"


def run_schema(settings: GraphSettings, project: Project) -> str:
    """The name of the run's schema as a SQL expression."""
    before, after = around_run_id(settings)
    start = quote_string(f"{quote_identifier(project.target.database)}.{before}")
    return f"{start} || {RUN_ID}" + (f" || {quote_string(after)}" if after else "")


def declare_run_schema(settings: GraphSettings, project: Project) -> str:
    return f"LET run_schema VARCHAR := (SELECT {run_schema(settings, project)})"


def root_body(settings: GraphSettings, project: Project) -> str:
    """What the root does: make the run's schema and return its name, or nothing."""
    if settings.run_schema is None:
        return f"SELECT {quote_string(f'the root of {settings.name}')}"
    return block(
        [
            declare_run_schema(settings, project),
            "CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema)",
            "CALL SYSTEM$SET_RETURN_VALUE(:run_schema)",
        ]
    )


def _declared(project: Project, node: Node, held: Mapping[Relation, str]) -> list[str]:
    settings = project.graphs[node.graph or ""]
    return [
        declare_run_schema(settings, project),
        *(
            f"LET {name} VARCHAR := run_schema || {quote_string('.' + quote_identifier(relation.name))}"
            for relation, name in held.items()
        ),
    ]


def _model(context: Context, node: Node, held: Mapping[Relation, str]) -> list[str]:
    """The statements that make a model's table, or bring it up to date."""
    if node.relation is None:
        raise ValueError(f"{node.name} makes no table")
    names = through(held)
    name = table(node.relation, names)
    if node.materialized == "view":
        query = body(context, node, beside(held), node.facts.statements[0])
        return [f"CREATE OR REPLACE {'SECURE ' if flag(node, 'secure') else ''}VIEW {name} AS\n{query}"]
    query = body(context, node, names, node.facts.statements[0])
    if node.materialized == "incremental":
        return _incremental(context, node, names, name, query)
    return [f"CREATE OR REPLACE {_kind(node)} {name}{_clauses(node)} AS\n{query}"]


def empty_table(context: Context, node: Node, name: str) -> str:
    """A table with a model's columns and no rows, unless there is one."""
    source = node.initial or node
    return _empty(node, name, body(context, source, {}, source.facts.statements[0]))


def flag(node: Node, key: str) -> bool:
    return node.header.get(key) is True


def _kind(node: Node) -> str:
    return "TRANSIENT TABLE" if flag(node, "transient") else "TABLE"


def _clauses(node: Node) -> str:
    cluster = as_list(node.header.get("cluster_by"))
    grants = _GRANTS if flag(node, "copy_grants") else ""
    return (f" CLUSTER BY ({', '.join(cluster)})" if cluster else "") + grants


def _incremental(context: Context, node: Node, names: Mapping[Relation, str], name: str, query: str) -> list[str]:
    """A table, if there is none; then new rows, or as long as it is empty what the text for that gives."""
    load = _load(node, names, name, query)
    if node.initial is None:
        return [_empty(node, name, query), *load]
    initial = body(context, node.initial, names, node.initial.facts.statements[0])
    start = _empty(node, name, initial)
    steps = "".join(f"{step};\n" for step in load)
    branches = f"INSERT INTO {name}\n{initial};\n  ELSE\n{steps}"
    return [start, f"IF (NOT EXISTS (SELECT 1 FROM {name})) THEN\n{branches}  END IF"]


def _empty(node: Node, name: str, query: str) -> str:
    clauses = _clauses(node).removesuffix(_GRANTS)
    return f"CREATE {_kind(node)} IF NOT EXISTS {name}{clauses} AS\nSELECT * FROM (\n{query}\n) LIMIT 0"


def _load(node: Node, names: Mapping[Relation, str], name: str, query: str) -> list[str]:
    """New rows into an incremental model: appended, merged, or put in place of those with the same key."""
    keys = as_list(node.header.get("unique_key"))
    how = strategy(node)
    if not keys or how == "append" or node.relation is None:
        return [f"INSERT INTO {name}\n{query}"]
    if how == "merge":
        return [_merge(node, name, query, keys)]
    new = table(fresh(node.relation), names)
    key = ", ".join(keys)
    return [
        f"CREATE OR REPLACE TEMPORARY TABLE {new} AS\n{query}",
        "BEGIN TRANSACTION",
        f"DELETE FROM {name} WHERE ({key}) IN (SELECT {key} FROM {new})",
        f"INSERT INTO {name} SELECT * FROM {new}",
        "COMMIT",
    ]


def _merge(node: Node, name: str, query: str, keys: list[str]) -> str:
    given = columns(node)
    known = {fold(key) for key in keys}
    update = ", ".join(f"{c} = new.{c}" for c in given if fold(c) not in known)
    same = " AND ".join(f"old.{key} = new.{key}" for key in keys)
    lines = [
        f"MERGE INTO {name} AS old USING (\n{query}\n) AS new",
        f"ON {same}",
        *([f"WHEN MATCHED THEN UPDATE SET {update}"] if update else []),
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(given)}) VALUES ({', '.join(f'new.{c}' for c in given)})",
    ]
    return "\n".join(lines)
