"""A node's own SQL with every name qualified in place; nothing else of what the user wrote changes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from neve.columns import Query
from neve.dependencies import task_named, texts
from neve.graph.tasks import physical
from neve.ir import Node, Project, Reference, Relation, Statement
from neve.names import is_identifier, qualified, quote_identifier, quote_string


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text and what to write in its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the writing of any node's text may ask for."""

    project: Project
    nodes: Mapping[str, Node]
    makers: Mapping[Relation, Node]
    by_name: Mapping[str, str]


def make_context(project: Project, nodes: Mapping[str, Node]) -> Context:
    makers = {node.relation: node for node in nodes.values() if node.relation}
    return Context(project, nodes, makers, {name.upper(): name for name in nodes})


def variables(context: Context, nodes: Sequence[Node]) -> dict[Relation, str]:
    """The tables of the run's schema that nodes' texts name, each with the variable that will hold its name."""
    text = "\n".join(node.rendered.text for node in nodes)
    named: dict[Relation, str] = {}
    for relation in (relation for node in nodes for relation in _run_tables(context, node)):
        if relation not in named:
            named[relation] = _variable(relation.name, text, set(named.values()))
    return named


def through(variables: Mapping[Relation, str]) -> dict[Relation, str]:
    """The SQL for each table of the run by its variable."""
    return {relation: f"IDENTIFIER(:{variable})" for relation, variable in variables.items()}


def beside(variables: Mapping[Relation, str]) -> dict[Relation, str]:
    """The same for a view of the run, in which no variable may stand, and whose own schema is searched first."""
    return {relation: quote_identifier(relation.name) for relation in variables}


def body(
    context: Context,
    node: Node,
    names: Mapping[Relation, str],
    at: Statement | None = None,
    of_read: Mapping[Relation, str] | None = None,
) -> str:
    """The text of a node, or of one of its statements, with names as Snowflake must see them.

    `names` are those of the run's tables, `of_read` the other ones of tables that are read.
    """
    text = node.rendered.text
    start, end = (at.start, at.end) if at else (0, len(text))
    edits = [edit for edit in _edits(context, node, names, of_read or names) if start <= edit.start and edit.end <= end]
    return apply(text[start:end], edits, start)


def apply(text: str, edits: list[Edit], offset: int = 0) -> str:
    """`text`, which begins at `offset`, with each edit made once."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(set(edits), key=lambda one: one.start):
        pieces += [text[at : edit.start - offset], edit.text]
        at = edit.end - offset
    return "".join([*pieces, text[at:]])


def table(relation: Relation, names: Mapping[Relation, str]) -> str:
    """A table as a statement names it: in full, or as `names` has it for tables of the run."""
    if relation.schema is None:
        return names[relation]
    return qualified(relation.database, relation.schema, relation.name)


def strategy(node: Node) -> str:
    """How new rows get into an incremental model. MERGE needs the columns: without them, delete and insert."""
    default = "merge" if node.header.get("unique_key") else "append"
    wanted = str(node.header.get("incremental_strategy", default))
    return "delete+insert" if wanted == "merge" and not columns(node) else wanted


def columns(node: Node) -> list[str]:
    """The columns that a model's SELECT names, as SQL; none when a star hides some."""
    given = Query(node.facts.scopes, lambda _table: None).given(node.facts.result) or ()
    return [] if "" in given else [quote_identifier(column) for column in given]


def fresh(relation: Relation) -> Relation:
    """The temporary table that holds an incremental model's new rows."""
    return Relation(relation.database, relation.schema, f"{relation.name}__NEW")


def _run_tables(context: Context, node: Node) -> Iterator[Relation]:
    if node.relation and node.relation.schema is None and node.materialized != "ephemeral":
        yield node.relation
        if node.materialized == "incremental" and strategy(node) == "delete+insert":
            yield fresh(node.relation)
    for reference, relation in (link for text in texts(node) for link in text.links):
        inlined = _ephemeral(context, relation)
        if inlined is not None:
            yield from _run_tables(context, inlined)
        elif relation.schema is None and reference.start < reference.end:
            yield relation


def _ephemeral(context: Context, relation: Relation) -> Node | None:
    node = context.makers.get(relation)
    return node if node is not None and node.materialized == "ephemeral" else None


def _edits(
    context: Context, node: Node, names: Mapping[Relation, str], of_read: Mapping[Relation, str]
) -> Iterator[Edit]:
    for reference, relation in node.links:
        if reference.start < reference.end:
            known = of_read if reference.access == "read" else names
            yield Edit(reference.start, reference.end, _written(context, reference, relation, known))
    for read in node.facts.returned:
        task = task_named(read.task, node, context.by_name) if read.task else None
        name = physical(node.graph, task) if task and node.graph else None
        if read.task and node.graph and not task and read.task.upper() == node.graph.upper():
            name = node.graph.upper()
        if name:
            yield Edit(read.start, read.end, _like(node.rendered.text[read.start : read.end], name))


def _like(written: str, name: str) -> str:
    """A name as a string literal, as it must stand where `written` does: that may be inside of a literal itself."""
    literal = quote_string(name)
    return literal.replace("'", "''") if written.startswith(("''", "\\'")) else literal


def _written(context: Context, reference: Reference, relation: Relation, names: Mapping[Relation, str]) -> str:
    inlined = _ephemeral(context, relation)
    written_name = reference.parts[-1] if reference.parts[0] != "neve" else relation.name
    alias = f" AS {_as_written(written_name)}" if reference.bare else ""
    if inlined is not None:
        statement = inlined.facts.statements[0]
        return f"(\n{body(context, inlined, names, statement)}\n){alias}"
    sql = table(relation, names)
    same = written_name == relation.name and not sql.startswith("IDENTIFIER(")
    return sql + ("" if same else alias)


def _as_written(name: str) -> str:
    """An alias in the case in which people write names."""
    shown = quote_identifier(name)
    return shown.lower() if shown.isupper() else shown


def _variable(name: str, text: str, taken: set[str]) -> str:
    """A variable's name that neither Snowflake nor the user's own text uses."""
    wanted = re.sub(r"\W", "_", name.lower())
    used = re.search(
        rf"(?::\s*|\blet\s+){wanted}\b|\b{wanted}\s*:=|\b{wanted}\s+(?:cursor|resultset)\b", text, re.IGNORECASE
    )
    if not is_identifier(wanted) or used or wanted == "run_schema":
        wanted = f"{wanted.strip('_')}_table"
    while wanted in taken:
        wanted += "_"
    return wanted
