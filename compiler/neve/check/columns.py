"""Columns that are not there, or that could be one of several, where all columns are known."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError

from neve.cache.codec import Later
from neve.cache.digests import Digest, digest, digest_of
from neve.check.context import Compiling
from neve.columns import Columns, Problem, Query
from neve.dependencies import texts
from neve.diagnostics.model import Diagnostic, Say
from neve.graph import ordered
from neve.header import item_span
from neve.ir import ALL, Node, Relation
from neve.names import fold, is_identifier, nearest, quote_identifier
from neve.nodes import as_list

UNKNOWN = "NEVE311"
AMBIGUOUS = "NEVE312"
TWICE = "NEVE313"
_STORED = {"table", "view", "incremental", "dynamic_table"}
_KEYS = {
    "unique_key": ({"incremental"}, "find old rows by"),
    "cluster_by": ({"table", "incremental"}, "cluster by"),
}
"""Keys of headers that name columns of their model, for which kinds, and what for."""
_KEEPING = {"read", "insert", "truncate"}
"""What leaves a table's columns as they are; what only a header states may do anything."""

Given = tuple[()] | tuple[Columns, Digest]
"""The columns that a model gives, and their digest; nothing for what gives none."""
_NOTHING: Given = ()


def check(compiling: Compiling, say: Say) -> None:
    try:
        order = ordered(compiling.nodes)
    except CycleError:
        return  # there is no order in which to work columns out
    known = compiling.columns
    known.update(_declared(compiling))
    digests = {relation: _digest(columns) for relation, columns in known.items()}
    for name in order:
        node = compiling.nodes[name]
        key = _key(node, digests)
        given = compiling.sound.get(key) if key else None
        if given is None:
            sound, given = check_node(compiling, node, known, say)
            if key and sound:
                compiling.sound.put(key, given)
        if given and node.relation:
            known[node.relation], digests[node.relation] = given
            _keys(node, given[0], say)


def check_node(compiling: Compiling, node: Node, known: dict[Relation, Columns], say: Say) -> tuple[bool, Given]:
    """Whether all is right in the texts of a node, and what columns it gives, which become known."""
    sound, given = True, _NOTHING
    for text in texts(node):
        if text.facts.scopes:
            query = _query(text, known)
            made = node.relation if text is node and node.facts.result >= 0 else None
            if made:  # known to the text itself, too, which may read its own table
                columns = known[made] = query.given(node.facts.result)
                given = columns, _digest(columns)
            for problem in query.problems():
                say(_diagnostic(compiling, text, problem))
                sound = False
            if made and node.materialized in _STORED and (twice := query.twice(node.facts.result)):
                say(_twice(compiling, node, twice))
                sound = False
    return sound, given


def _twice(compiling: Compiling, node: Node, names: Sequence[str]) -> Diagnostic:
    """Said at the second of the outputs that give the first of these columns."""
    from neve.parse_sql.outputs import second_output

    one = node.facts.statements[0]
    span = compiling.where(node, *second_output(node.rendered.text, one.start, one.end, names[0]))
    shown = [f"`{_shown(name)}`" for name in names]
    what = f"column {shown[0]}" if len(shown) == 1 else f"columns {', '.join(shown[:-1])} and {shown[-1]}"
    stands = "stands" if len(shown) == 1 else "stand"
    kind = (node.materialized or "").replace("_", " ").replace("incremental", "table")
    hint = f"Give one of them another name, or leave it out: `* exclude ({_shown(names[0])})`."
    return Diagnostic(TWICE, f"The {what} {stands} twice in what would be a {kind}", span, hint=hint)


def _shown(name: str) -> str:
    """A column's name as people write it."""
    return name.lower() if is_identifier(name) and name.isupper() else quote_identifier(name)


def _keys(node: Node, columns: Columns, say: Say) -> None:
    """The columns of the model that its header names."""
    if columns is None or "" in columns:
        return
    for key, (materialized, purpose) in _KEYS.items():
        value = node.header.values.get(key)
        for at, name in enumerate(as_list(value.data) if value and node.materialized in materialized else ()):
            if value and is_identifier(name) and fold(name) not in columns:
                span = item_span(node.file, value, at) if isinstance(value.data, list) else value.span
                message = f"There is no column `{name.lower()}` to {purpose}"
                say(Diagnostic(UNKNOWN, message, span, hint=_instead(name, columns)))


def _instead(name: str, columns: Sequence[str]) -> str:
    meant = nearest(name, [column.lower() for column in columns])
    return f"Did you mean `{meant}`?" if meant else f"There are {', '.join(sorted(map(str.lower, columns)))}."


def _key(node: Node, digests: Mapping[Relation, Digest]) -> Digest | None:
    """A digest of a node's queries, of what becomes of them, and of the names and columns of what they read; None where
    that is not at hand.
    """
    parts = [(node.materialized or "").encode()]
    for text in texts(node):
        if isinstance(text.facts.scopes, Later):
            parts.append(text.facts.scopes.packed)
        elif text.facts.scopes:
            return None
        for reference, relation in text.links:
            parts += [b"%d %s" % (reference.start, digests.get(relation, b"")), relation.name.encode()]
    return digest_of(parts)


def _digest(columns: Columns) -> Digest:
    return digest(repr(columns))


def _declared(compiling: Compiling) -> dict[Relation, Columns]:
    """The columns of the sources, where they are declared and no task makes others of them."""
    made = {
        relation
        for node in compiling.nodes.values()
        for reference, relation in node.links
        if reference.access not in _KEEPING or (reference.access != "read" and reference.start == reference.end)
    }
    known: dict[Relation, Columns] = {}
    for source in compiling.project.sources.values():
        relation = Relation(source.database, source.schema, source.name.upper())
        if source.columns and relation not in made:
            known[relation] = tuple(source.columns)
    return known


def _query(text: Node, known: Mapping[Relation, Columns]) -> Query:
    relations = {reference.start: relation for reference, relation in text.links if reference.start < reference.end}

    def table(start: int) -> Columns:
        relation = relations.get(start)
        return known.get(relation) if relation else None

    def named(start: int) -> str:
        relation = relations.get(start)
        return relation.name if relation else ""

    return Query(tuple(iter(text.facts.scopes)), table, named)  # iterated, packed scopes stay packed


def _diagnostic(compiling: Compiling, text: Node, problem: Problem) -> Diagnostic:
    column, known, sources, stray = problem
    span = compiling.where(text, column.start, column.end)
    name, table = column.name if column.name == ALL else _shown(column.name), _shown(column.table)
    if stray:
        there = [_shown(source) for source in sources if source != "?"]
        meant = nearest(table, there)
        hint = f"Did you mean `{meant}.{name}`?" if meant else f"There are {', '.join(there)}." if there else ""
        return Diagnostic(UNKNOWN, f"Nothing is called `{table}` in this FROM", span, hint=hint)
    if sources:
        shown = [_shown(source) if source != "?" else "a query without a name" for source in sources]
        either = f"Write `{shown[0]}.{name}` or `{shown[1]}.{name}`."
        hint = "Give the query a name, and write it before the column's." if "?" in sources else either
        return Diagnostic(AMBIGUOUS, f"`{name}` could be a column of {' and '.join(shown)}", span, hint=hint)
    written = [_shown(one) for one in known if one]
    meant = nearest(name, written)
    hint = (
        f"Did you mean `{meant}`?"
        if meant
        else f"There are {', '.join(sorted(set(written)))}."
        if written
        else "Nothing is read FROM here."
    )
    where = f" in `{table}`" if column.table else ""
    return Diagnostic(UNKNOWN, f"There is no column `{name}`{where}", span, hint=hint)
