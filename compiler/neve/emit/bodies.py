"""The bodies of tasks: one statement as it is, everything else as a block in EXECUTE IMMEDIATE (fact sheet 7.3)."""

from collections.abc import Mapping

from neve.emit.text import Context, body, table, variables
from neve.ir import GraphSettings, Node, Project, Relation
from neve.names import quote_identifier, quote_string
from neve.nodes import as_list, setting

_ORIGINAL = "SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ"
RUN_ID = f"TO_CHAR(CONVERT_TIMEZONE('UTC', {_ORIGINAL}), 'YYYYMMDD_HH24MISS_FF3')"
"""The run's id in SQL: its original scheduled time in UTC, the same for a retry (fact sheet 4.5)."""


def sql_body(context: Context, node: Node) -> str:
    """The body of a SQL file's task."""
    names = variables(context, node)
    if node.materialized is not None:
        parts = _model(context, node, names)
    else:
        parts = [body(context, node, names, statement) for statement in node.facts.statements]
    plain = len(parts) == 1 and not any(statement.scripting for statement in node.facts.statements)
    if plain and not names:
        return parts[0]
    if len(parts) == 1 and not names:
        return block_text(parts[0])
    return block([*_declared(context.project, node, names), *parts])


def block(statements: list[str]) -> str:
    """Statements as one block that any client can send."""
    lines = "".join(f"{indent_first(statement)};\n" for statement in statements)
    return block_text(f"BEGIN\n{lines}END")


def block_text(text: str) -> str:
    return f"EXECUTE IMMEDIATE $$\n{text};\n$$"


def indent_first(statement: str) -> str:
    """The first line indented like the rest of a block; the user's own lines stay as they are."""
    return "  " + statement


def run_schema(settings: GraphSettings, project: Project) -> str:
    """The name of the run's schema as a SQL expression."""
    before, _, after = str(settings.run_schema.data if settings.run_schema else "").partition("{run_id}")
    start = quote_string(f"{quote_identifier(project.target.database)}.{before.upper()}")
    return f"{start} || {RUN_ID}" + (f" || {quote_string(after.upper())}" if after else "")


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


def _declared(project: Project, node: Node, names: Mapping[Relation, str]) -> list[str]:
    if not names:
        return []
    settings = project.graphs[node.graph or ""]
    return [
        declare_run_schema(settings, project),
        *(
            f"LET {name} VARCHAR := run_schema || {quote_string('.' + quote_identifier(relation.name))}"
            for relation, name in names.items()
        ),
    ]


def _model(context: Context, node: Node, names: Mapping[Relation, str]) -> list[str]:
    relation = node.relation
    if relation is None:
        raise ValueError(f"{node.name} makes no table")
    query = body(context, node, names, node.facts.statements[0])
    name = table(relation, names)
    if node.materialized == "view":
        return [f"CREATE OR REPLACE {'SECURE ' if _set(node, 'secure') else ''}VIEW {name} AS\n{query}"]
    if node.materialized == "incremental":
        return [f"CREATE TABLE IF NOT EXISTS {name} AS\nSELECT * FROM (\n{query}\n) LIMIT 0", *_load(node, name, query)]
    kind = "TRANSIENT TABLE" if _set(node, "transient") else "TABLE"
    cluster = as_list(setting(node.header, node.rendered, "cluster_by"))
    clauses = (f" CLUSTER BY ({', '.join(cluster)})" if cluster else "") + (
        " COPY GRANTS" if _set(node, "copy_grants") else ""
    )
    return [f"CREATE OR REPLACE {kind} {name}{clauses} AS\n{query}"]


def _set(node: Node, key: str) -> bool:
    return bool(setting(node.header, node.rendered, key, False))  # noqa: FBT003  the value of an absent key


def _load(node: Node, name: str, query: str) -> list[str]:
    """New rows into an incremental model: appended, merged, or put in place of those with the same key."""
    keys = as_list(setting(node.header, node.rendered, "unique_key"))
    strategy = setting(node.header, node.rendered, "incremental_strategy", "merge" if keys else "append")
    if not keys or strategy == "append":
        return [f"INSERT INTO {name}\n{query}"]
    same = " AND ".join(f"old.{key} = new.{key}" for key in keys)
    if strategy == "delete+insert":
        return [f"DELETE FROM {name} AS old USING (\n{query}\n) AS new\nWHERE {same}", f"INSERT INTO {name}\n{query}"]
    return [f"MERGE INTO {name} AS old USING (\n{query}\n) AS new\nON {same}"]
