"""GET_DDL of tables, views, sequences, routines, tasks, schemas and databases, in the shape Snowflake gives it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, no_database, not_exist, unsupported
from neve.local.procedures import catalog
from neve.local.procedures.grammar import read_signature
from neve.local.procedures.routine import Kind, Parameter, Routine
from neve.local.reader import Reader
from neve.local.schemas import columns
from neve.local.sqltext import QualifiedName, parse_name, quote_identifier, quote_string, resolve
from neve.local.streams.catalog import of as streams
from neve.local.streams.reading import need as need_stream
from neve.local.tables import keys
from neve.local.tables.facts import read_columns, read_table
from neve.local.tables.names import Place, need
from neve.local.tables.sequences import all_of as sequences
from neve.local.tables.sequences import told_of
from neve.local.tasks import ddl as tasks

if TYPE_CHECKING:
    from neve.local.session import Session


def get_ddl(session: "Session", kind: object, name: object, qualified: object = None) -> str:
    """GET_DDL('TABLE', 'name' [, TRUE]). Raises SqlError 2003, or 1003 for a kind that there is none of."""
    word = str(kind).upper().replace(" ", "_")
    make = _KINDS.get(word)
    if make is None:
        if word in _OTHERS:
            raise unsupported(f"GET_DDL of a {word.replace('_', ' ').lower()}")
        raise compilation_error(f"Unsupported object type for GET_DDL: '{kind}'.", 2043, "02000")
    return make(session, str(name), qualified is True or str(qualified).upper() == "TRUE")


def _named(name: QualifiedName, full: bool) -> str:  # noqa: FBT001 - SQL's own
    return str(name) if full else quote_identifier(name.name)


# Tables and views -------------------------------------------------------------------------------------
def _relation(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001
    place = need(session, parse_name(name))
    return _of_place(session, place, full=full)


def _of_place(session: "Session", place: Place, *, full: bool) -> str:
    told = read_table(session, place)
    if place.kind == "VIEW":
        return _view(session, place, told, full=full)
    known = read_columns(session, place)
    lines = [
        _column(column.name, str(column.type), known.get(column.name, {}), nullable=column.nullable)
        for column in columns(session, *place.stored)
    ]
    lines += [key.sql for key in keys.recorded(told)]
    kind = "TRANSIENT TABLE" if told.get("kind") == "TRANSIENT" else "TABLE"
    cluster = f" cluster by {told['cluster_by'].removeprefix('LINEAR')}" if told.get("cluster_by") else ""
    comment = f"COMMENT={quote_string(told['comment'])}\n" if told.get("comment") else ""
    body = ",\n".join(f"\t{line}" for line in lines)
    return f"create or replace {kind} {_named(place.name, full)}{cluster} (\n{body}\n){comment};"


def _column(name: str, kind: str, told: Mapping[str, Any], *, nullable: bool) -> str:
    words = [quote_identifier(name), kind]
    if not nullable:
        words.append("NOT NULL")
    if "identity" in told:
        words.append("autoincrement start {} increment {} noorder".format(*told["identity"]))
    elif "default" in told:
        words.append(f"DEFAULT {told['default']}")
    if told.get("comment"):
        words.append(f"COMMENT {quote_string(told['comment'])}")
    return " ".join(words)


def _view(session: "Session", place: Place, told: Mapping[str, Any], *, full: bool) -> str:
    """The columns, and the query as it was written."""
    names = ",\n".join(f"\t{quote_identifier(column.name)}" for column in columns(session, *place.stored))
    comment = f"COMMENT={quote_string(told['comment'])} " if told.get("comment") else ""
    secure = "secure " if told.get("secure") else ""
    query = _query(str(told.get("text", "")))
    return f"create or replace {secure}view {_named(place.name, full)}(\n{names}\n) {comment}as {query};"


def _query(text: str) -> str:
    """What follows AS of CREATE VIEW."""
    reader = Reader.of(text)
    reader.until("AS")
    reader.expect("AS")
    return reader.rest()


def _sequence(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001
    found = resolve(session, parse_name(name))
    rows = session.fetch(
        "SELECT start_value, increment_by FROM duckdb_sequences()"
        " WHERE database_name = ? AND schema_name = ? AND sequence_name = ?",
        list(found),
    )
    if not rows:
        raise not_exist("Sequence", str(found))
    start, step = rows[0]
    told = told_of(session, found)
    order = "order" if told.get("ordered") else "noorder"
    comment = f" comment={quote_string(told['comment'])}" if told.get("comment") else ""
    head = f"create or replace sequence {_named(found, full)}"
    return f"{head} start with {start} increment by {step} {order}{comment};"


def _stream(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001
    stream = need_stream(session, resolve(session, parse_name(name)))
    base = QualifiedName(*parse_name(stream.base))
    words = [f"create or replace stream {_named(stream.name, full)} on table {_named(base, full)}"]
    words += ["append_only = true"] * stream.append_only + ["show_initial_rows = true"] * stream.initial_rows
    words += [f"comment = {quote_string(stream.comment)}"] if stream.comment else []
    return f"{' '.join(words)};"


# Routines ---------------------------------------------------------------------------------------------
def _routine(kind: Kind) -> "Callable[[Session, str, bool], str]":
    def made(session: "Session", text: str, full: bool) -> str:  # noqa: FBT001
        parts, types = read_signature(Reader.of(text))
        name = resolve(session, parts)
        stored = catalog.find(session, kind, name, catalog.signature(types))
        if stored is None:
            raise not_exist(kind.capitalize(), text)
        return routine_ddl(name, stored.routine, full=full)

    return made


def routine_ddl(name: QualifiedName, routine: Routine, *, full: bool) -> str:
    shown = ".".join(f'"{part}"' for part in (name if full else name[2:]))
    returns = f"TABLE ({_parameters(routine.columns)})" if routine.returns is None else str(routine.returns)
    clauses = [f"CREATE OR REPLACE {routine.kind} {shown}({_parameters(routine.parameters)})", f"RETURNS {returns}"]
    clauses.append(f"LANGUAGE {routine.language}")
    if routine.strict:
        clauses.append("STRICT")
    if routine.runtime_version:
        clauses.append(f"RUNTIME_VERSION = '{routine.runtime_version}'")
    if routine.packages:
        clauses.append(f"PACKAGES = ({_strings(routine.packages)})")
    if routine.handler:
        clauses.append(f"HANDLER = '{routine.handler}'")
    if routine.imports:
        clauses.append(f"IMPORTS = ({_strings(routine.imports)})")
    if routine.comment:
        clauses.append(f"COMMENT={quote_string(routine.comment)}")
    if routine.kind == "PROCEDURE":
        clauses.append(f"EXECUTE AS {routine.execute_as}")
    if routine.body is not None:
        clauses.append(f"AS {quote_string(routine.body)}")
    return "\n".join(clauses) + ";"


def _parameters(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(map(_parameter, parameters))


def _parameter(one: Parameter) -> str:
    default = f" DEFAULT {one.default}" if one.default is not None else ""
    return f'"{one.name}" {"OUT " if one.out else ""}{one.type}{default}'


def _strings(texts: tuple[str, ...]) -> str:
    return ",".join(quote_string(text) for text in texts)


# Containers -------------------------------------------------------------------------------------------
def _schema(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001
    parts = parse_name(name)
    database = parts[0] if len(parts) == 2 else session.database
    if not database or not session.engine.databases.has_schema(session, database, parts[-1]):
        raise not_exist("Schema", name)
    return "\n\n".join(_in_schema(session, database, parts[-1], full=full))


def _in_schema(session: "Session", database: str, schema: str, *, full: bool) -> Iterator[str]:
    yield f"create or replace schema {f'{quote_identifier(database)}.' if full else ''}{quote_identifier(schema)};"
    place = (database, schema)
    yield from _relations(session, place, full=full)
    kinds: tuple[Kind, ...] = ("PROCEDURE", "FUNCTION")
    for kind in kinds:
        for stored in catalog.listed(session, kind):
            if stored.name[:2] == place and stored.session is None:
                yield routine_ddl(stored.name, stored.routine, full=full)
    yield from _streams_and_tasks(session, place, full=full)


def _relations(session: "Session", place: tuple[str, str], *, full: bool) -> Iterator[str]:
    """Sequences, which tables need, tables and views."""
    for row in sequences(session):
        if (row["database_name"], row["schema_name"]) == place:
            yield _sequence(session, str(QualifiedName(*place, row["name"])), full)
    for kind in ("table", "view"):
        rows = session.fetch(
            f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE database_name = ? AND schema_name = ? ORDER BY 1", place
        )
        for (name,) in rows:
            yield _relation(session, str(QualifiedName(*place, name)), full)


def _streams_and_tasks(session: "Session", place: tuple[str, str], *, full: bool) -> Iterator[str]:
    for stream in sorted(streams(session), key=lambda one: one.name):
        if stream.name[:2] == place:
            yield _stream(session, str(stream.name), full)
    for task in session.engine.services["tasks"].catalog.beside(*place).values():
        yield tasks.get_ddl(session, task.full_name, full)


def _database(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001
    (database,) = parse_name(name)
    if database not in session.engine.databases:
        raise no_database(database)
    pieces = [f"create or replace database {quote_identifier(database)};"]
    for schema in session.engine.databases.schemas(session, database):
        pieces += _in_schema(session, database, schema, full=full)
    return "\n\n".join(pieces)


_KINDS: "Mapping[str, Callable[[Session, str, bool], str]]" = {
    "TABLE": _relation,
    "VIEW": _relation,
    "SEQUENCE": _sequence,
    "PROCEDURE": _routine("PROCEDURE"),
    "FUNCTION": _routine("FUNCTION"),
    "SCHEMA": _schema,
    "DATABASE": _database,
    "STREAM": _stream,
    "TASK": tasks.get_ddl,
}
_OTHERS = frozenset({"ALERT", "DYNAMIC_TABLE", "FILE_FORMAT", "INTEGRATION", "PIPE", "POLICY", "TAG", "WAREHOUSE"})
FUNCTIONS = {"GET_DDL": get_ddl}
