"""CREATE TABLE: with columns, AS SELECT, CLONE and LIKE; temporary ones live in the session."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from neve.local import result as r
from neve.local.access.tags import give as give_tags
from neve.local.errors import already_exists, compilation_error, unsupported
from neve.local.result import Result
from neve.local.sqltext import QualifiedName, Statement, plain_text
from neve.local.streams.following import followed
from neve.local.tables import keys
from neve.local.tables.columns import ColumnDefinition, definitions, not_null, tags_of
from neve.local.tables.copying import copy, identity_sequence, make
from neve.local.tables.facts import born, write_column, write_table
from neve.local.tables.heads import distinct, fill_all, named_query
from neve.local.tables.names import Place, find, need, quoted
from neve.local.tables.or_alter import become
from neve.local.tables.room import with_room
from neve.local.tables.sequences import counting, duck_name
from neve.local.tables.template import has_template, written_out
from neve.local.transactions import all_or_nothing
from neve.local.translate.columns import name_columns
from neve.local.translate.names import stored
from neve.local.translate.parse import parse
from neve.local.translate.places import placing
from neve.local.translate.query import translated

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_serial = itertools.count(1)
_RECORDED = frozenset({"CLUSTERPROPERTY", "COPYGRANTSPROPERTY", "TEMPORARYPROPERTY", "TRANSIENTPROPERTY",
                       "SCHEMACOMMENTPROPERTY", "LIKEPROPERTY", "SECUREPROPERTY", "TAGS"})  # fmt: skip
_RECORDED_NAMES = frozenset({"DATA_RETENTION_TIME_IN_DAYS", "CHANGE_TRACKING", "MAX_DATA_EXTENSION_TIME_IN_DAYS",
                             "ENABLE_SCHEMA_EVOLUTION", "DEFAULT_DDL_COLLATION"})  # fmt: skip
_COUNTING = frozenset({"START", "INCREMENT"})
_PART = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_LATE = re.compile(rf"(?is)\A([\w\s]*?\bTABLE\s+)({_PART}(?:\s*\.\s*{_PART})*\s+)IF\s+NOT\s+EXISTS\b")
"""`CREATE TABLE name IF NOT EXISTS`, as Snowpark writes it."""
_SCOPES = frozenset({"SCOPED", "LOCAL", "GLOBAL", "VOLATILE"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a CREATE asks for, apart from the contents."""

    parts: tuple[str, ...]
    replace: bool
    tolerant: bool
    temporary: bool
    facts: dict[str, Any]


def plain_tree(statement: Statement) -> "exp.Expr":
    """The tree of a CREATE without the words about scope that sqlglot does not know, and without the sign in
    `AUTOINCREMENT START = 1 INCREMENT = 1`.
    """
    text = statement.text
    for before, sign in reversed(list(itertools.pairwise(statement.tokens))):
        if plain_text(sign) == "=" and plain_text(before).upper() in _COUNTING:
            text = text[: sign.start] + " " + text[sign.end + 1 :]
    for token in reversed(statement.tokens[:6]):
        if plain_text(token).upper() in _SCOPES:
            word = "" if "TEMP" in text.upper() else "TEMPORARY"
            text = text[: token.start] + word + text[token.end + 1 :]
    tree = parse(_LATE.sub(r"\1IF NOT EXISTS \2", text, count=1))
    if tree.key != "create":
        raise unsupported(f"This form of '{' '.join(statement.words[:2])}'")
    return tree


def alters(statement: Statement) -> bool:
    """Whether it is CREATE OR ALTER, which sqlglot reads as OR REPLACE."""
    return [plain_text(token).upper() for token in statement.tokens[1:3]] == ["OR", "ALTER"]


def wanted(tree: "exp.Expr") -> Wanted:
    """Raises SqlError for a property that is neither done nor recorded."""
    table = tree.this.this if tree.this.key == "schema" else tree.this
    properties = tree.args["properties"].expressions if tree.args.get("properties") else []
    kinds = {p.key.upper() for p in properties}
    for p in properties:
        named = p.key == "property" and p.name.upper() in _RECORDED_NAMES
        if p.key.upper() not in _RECORDED and not named:
            raise unsupported(f"'{p.sql(dialect='snowflake')}' in CREATE {tree.args['kind']}")
    facts: dict[str, Any] = born()
    if comment := next((p for p in properties if p.key == "schemacommentproperty"), None):
        facts["comment"] = comment.this.name
    if "TRANSIENTPROPERTY" in kinds:
        facts["kind"] = "TRANSIENT"
    facts |= _without_effect(properties)
    parts = tuple(map(stored, table.parts))
    return Wanted(
        parts, bool(tree.args.get("replace")), bool(tree.args.get("exists")), "TEMPORARYPROPERTY" in kinds, facts
    )


def _without_effect(properties: "Sequence[exp.Expr]") -> dict[str, Any]:
    """What is shown and changes nothing."""
    found: dict[str, Any] = {}
    for node in properties:
        match node.key, node.name.upper():
            case "clusterproperty", _:
                found["cluster_by"] = cluster_text(node.sql(dialect="snowflake"))
            case "secureproperty", _:
                found["secure"] = True
            case "property", "CHANGE_TRACKING":
                found["change_tracking"] = node.text("value").upper() == "TRUE"
            case "property", "ENABLE_SCHEMA_EVOLUTION":
                found["schema_evolution"] = node.text("value").upper() == "TRUE"
            case "property", "DATA_RETENTION_TIME_IN_DAYS":
                found["retention_time"] = node.text("value")
    return found


def cluster_text(clause: str) -> str:
    """`CLUSTER BY (a, b)` as SHOW TABLES shows it."""
    return f"LINEAR{clause[len('CLUSTER BY') :].strip()}"


def create_table(session: "Session", statement: Statement) -> Result:
    """Raises SqlError 2002 when the name is taken: of many that make one table at once, one succeeds."""
    from neve.local.stages.reading import readable

    with session.lock, readable(session, statement) as placed:
        return with_room(session, lambda: _create_once(session, placed), tuple)


def _create_once(session: "Session", statement: Statement) -> Result:
    if has_template(statement):
        statement = written_out(session, statement)
    tree = plain_tree(statement)
    ask = wanted(tree)
    with session.lock, session.registrations(), placing(statement), all_or_nothing(session), followed(session, tree):
        found = find(session, ask.parts)
        hidden = ask.temporary and found.name not in session.temporary
        if found.kind and not hidden:
            if ask.tolerant:
                return r.status(f"{found.name.name} already exists, statement succeeded.")
            if not ask.replace or found.kind != "TABLE":
                raise already_exists(found.name.name)
            if alters(statement):
                become(session, found, tree, ask.facts)
                return r.status(f"Table {found.name.name} successfully created.")
        place = _new_place(session, found, temporary=ask.temporary)
        _fill(session, statement, tree, place)
        write_table(session, place, ask.facts)
    _tag(session, tree, place)
    if ask.temporary:
        session.temporary[place.name] = place.stored.name
    return r.status(f"Table {place.name.name} successfully created.")


def _tag(session: "Session", tree: "exp.Expr", place: Place) -> None:
    """The tags that the statement names, of the table and of its columns."""
    properties = tree.args["properties"].expressions if tree.args.get("properties") else []
    for node in properties:
        if node.key == "tags":
            give_tags(session, "TABLE", str(place.name), tags_of(node))
    for node in tree.this.expressions if tree.this.key == "schema" else ():
        for constraint in node.args.get("constraints") or ():
            if constraint.args["kind"].key == "tags":
                give_tags(session, "COLUMN", f"{place.name}.{stored(node.this)}", tags_of(constraint.kind))


def _new_place(session: "Session", found: Place, *, temporary: bool) -> Place:
    """A name that is free, or will be replaced."""
    if not temporary and found.name not in session.temporary:
        return Place(found.name, found.name, "TABLE")
    return Place(found.name, QualifiedName("temp", "main", f"_neve_{next(_serial)}_{found.name.name}"), "TABLE")


def _fill(session: "Session", statement: Statement, tree: "exp.Expr", place: Place) -> None:
    like = _like(tree)
    if clone := tree.args.get("clone"):
        if clone.this.args.get("when") or clone.args.get("when"):
            raise unsupported("Time travel (AT, BEFORE)")
        copy(session, _model(session, clone.this), place, rows=True)
    elif like is not None:
        copy(session, _model(session, cast("exp.Table", like)), place, rows=False)
    elif tree.this.key == "schema":
        _with_columns(session, statement, tree, place)
    elif tree.expression:
        query = named_query(session, statement, tree)
        session.fetch(f"{make(place)} AS {query.sql}")
        query.declare(session, place)
    else:
        raise compilation_error("syntax error: a table has columns, or a query to fill it", 1003)


def _like(tree: "exp.Expr") -> "exp.Expr | None":
    properties = tree.args["properties"].expressions if tree.args.get("properties") else []
    return next((p.this for p in properties if p.key == "likeproperty"), None)


def _with_columns(session: "Session", statement: Statement, tree: "exp.Expr", place: Place) -> None:
    nodes = tree.this.expressions
    if nodes and all(node.key == "identifier" for node in nodes):
        _named(session, statement, tree, place)
        return
    found = list(keys.of(nodes))
    columns = not_null(definitions(session, nodes), found)
    distinct([column.name for column in columns])
    body = ", ".join(_column_sql(session, place, column) for column in columns)
    session.fetch(f"{make(place)} ({body})")
    if found:
        write_table(session, place, {"keys": keys.written(found)})
    for column in columns:
        if column.facts:
            write_column(session, place, column.name, column.facts)
    if tree.expression:
        name_columns(tree, statement)
        query = translated(session, tree.expression.copy())
        fill_all(session, query, len(columns))
        session.fetch(f"INSERT INTO {place.sql} {query}")


def _named(session: "Session", statement: Statement, tree: "exp.Expr", place: Place) -> None:
    """CREATE TABLE t (a, b) AS SELECT: names alone."""
    names = [stored(name) for name in tree.this.expressions]
    distinct(names)
    name_columns(tree, statement)
    query = translated(session, tree.expression.copy())
    fill_all(session, query, len(names))
    session.fetch(f"{make(place)} AS SELECT * FROM ({query}) AS t({', '.join(map(quoted, names))})")


def _column_sql(session: "Session", place: Place, column: ColumnDefinition) -> str:
    """AUTOINCREMENT is a DuckDB sequence beside the table."""
    sql = column.sql if column.nullable else f"{column.sql} NOT NULL"
    if column.identity is None:
        return sql
    start, step = column.identity
    sequence = duck_name(identity_sequence(place, column.name))
    session.fetch(f"CREATE SEQUENCE {sequence} {counting(start, step)}")
    literal = sequence.replace("'", "''")
    return f"{sql} DEFAULT (nextval('{literal}'))"


def _model(session: "Session", source: "exp.Table") -> Place:
    """The table that CLONE or LIKE names."""
    return need(session, tuple(map(stored, source.parts)))


ROUTES = ((("CREATE", "TABLE"), create_table),)
