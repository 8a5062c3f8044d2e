"""CREATE, ALTER and DROP DYNAMIC TABLE."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.dynamic.catalog import (
    BY_HAND,
    BY_UPSTREAM,
    DOWNSTREAM,
    DynamicTable,
    lag_of,
    of,
    suspended,
)
from neve.local.dynamic.refresh import Refresher
from neve.local.errors import already_exists, compilation_error, not_exist, unsupported
from neve.local.options import Head, read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import QualifiedName, Statement, quote_string, resolve
from neve.local.tables.facts import write_table
from neve.local.tables.names import Place, find

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

DONE = "Statement executed successfully."
SHORTEST = timedelta(minutes=1)
_ALIASES = {"LAG": "TARGET_LAG"}  # as Snowpark writes it
_OPTIONS = {"TARGET_LAG", "WAREHOUSE", "REFRESH_MODE", "INITIALIZE", "COMMENT"}
_WITHOUT_EFFECT = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "SCHEDULER"}


@dataclass(frozen=True, slots=True)
class _Wanted:
    options: dict[str, str]
    query: str


def create(session: "Session", statement: Statement) -> Result:
    """CREATE [OR REPLACE] DYNAMIC TABLE [IF NOT EXISTS] t TARGET_LAG = … WAREHOUSE = … AS query: it is refreshed at
    once, unless INITIALIZE = ON_SCHEDULE. Raises SqlError 2002 when the name is taken.
    """
    reader = Reader.over(statement)
    head = read_head(reader, "DYNAMIC", "TABLE")
    wanted = _wanted(reader)
    found = find(session, head.name)
    old = of(session).get(found.name)
    if found.kind and not (old and head.replace):
        if head.tolerant:
            return r.status(f"{found.name.name} already exists, statement succeeded.")
        raise already_exists(found.name.name)
    table = _table(session, statement, found.name, wanted)
    _make(session, table)
    of(session).save(table)
    if wanted.options.get("INITIALIZE", "ON_CREATE").upper() != "ON_SCHEDULE":
        error = _refresher(session).refresh(table, "CREATION", session.engine.clock.now())
        if error is not None:
            _drop(session, table)
            raise error
    session.engine.services["tasks"].scheduler.wake()
    return r.status(f"Dynamic table {table.name} successfully created.")


def _wanted(reader: Reader) -> _Wanted:
    if reader.sees("("):
        raise unsupported("A dynamic table with a list of columns")
    if reader.take("CLONE"):
        raise unsupported("CREATE DYNAMIC TABLE … CLONE")
    options: dict[str, str] = {}
    while not reader.take("AS"):
        if reader.take("CLUSTER", "BY"):
            reader.group_text()
            continue
        name = _ALIASES.get(word := reader.name(), word)
        reader.expect("=")
        if name not in _OPTIONS | _WITHOUT_EFFECT:
            raise unsupported(f"The option {name} of CREATE DYNAMIC TABLE")
        options[name] = reader.value()
    if "TARGET_LAG" not in options:
        raise compilation_error("Missing option(s): [TARGET_LAG]", 2029, "22000")
    return _Wanted({**options, "TARGET_LAG": _lag(options["TARGET_LAG"])}, reader.rest())


def _lag(text: str) -> str:
    if text.upper() == DOWNSTREAM:
        return DOWNSTREAM
    span = lag_of(text)
    if span is None or span < SHORTEST:
        raise compilation_error(f"invalid value '{text}' for property 'TARGET_LAG'", 1422, "22023")
    return text


def _table(session: "Session", statement: Statement, name: QualifiedName, wanted: _Wanted) -> DynamicTable:
    options = wanted.options
    mode = options.get("REFRESH_MODE", "AUTO").upper()
    if mode not in {"AUTO", "FULL", "INCREMENTAL"}:
        raise compilation_error(f"invalid value '{mode}' for property 'REFRESH_MODE'", 1422, "22023")
    return DynamicTable(
        *name,
        query=wanted.query,
        text=statement.text,
        target_lag=options["TARGET_LAG"],
        warehouse=options.get("WAREHOUSE", "").upper(),
        refresh_mode="FULL" if mode == "AUTO" else mode,
        owner=session.role,
        comment=options.get("COMMENT", ""),
        created_on=session.engine.clock.now().isoformat(),
        upstream="\n".join(_reads(session, name, wanted.query)),
    )


def _reads(session: "Session", name: QualifiedName, query: str) -> list[str]:
    """The full names of what the query reads; names without a schema are of the table's own."""
    from sqlglot import exp

    from neve.local.streams.reading import name_in, streams_in
    from neve.local.translate.parse import parse

    inside = session.engine.open_session(name.database, name.schema)
    try:
        tree = parse(query)
        if streams_in(inside, tree):
            raise unsupported("A dynamic table that reads a stream")
        names = [found for table in tree.find_all(exp.Table) if (found := name_in(inside, table)) is not None]
    finally:
        inside.close()
    if not names:
        raise compilation_error("Dynamic Tables must have at least one base table.", 2728, "23001")
    return sorted(set(map(str, names)))


def _make(session: "Session", table: DynamicTable) -> None:
    """The table without rows, with the columns of the query."""
    inside = session.engine.open_session(table.database, table.schema, table.owner)
    try:
        comment = f" COMMENT = {quote_string(table.comment)}" if table.comment else ""
        old = of(session).get(table.full)
        if old is not None:
            of(session).drop(old)
        inside.run(f"CREATE OR REPLACE TABLE {table.full}{comment} AS SELECT * FROM ({table.query}) LIMIT 0")
    finally:
        inside.close()


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER DYNAMIC TABLE [IF EXISTS] t REFRESH | SUSPEND | RESUME | SET … | UNSET COMMENT."""
    reader = Reader.over(statement)
    table = _find(session, read_head(reader, "DYNAMIC", "TABLE"))
    if table is None:
        return r.status(DONE)
    match reader.take_any("REFRESH", "SUSPEND", "RESUME", "SET", "UNSET"):
        case "REFRESH":
            error = _refresher(session).refresh(table, "MANUAL", session.engine.clock.now())
            if error is not None:
                raise error
        case "SUSPEND":
            _suspend(session, table)
        case "RESUME":
            _resume(session, table)
        case "SET":
            _save(session, _changed(table, reader.options()))
        case "UNSET" if reader.take("COMMENT"):
            _save(session, replace(table, comment=""))
        case _:
            raise unsupported(f"ALTER DYNAMIC TABLE … {reader.word()}")
    session.engine.services["tasks"].scheduler.wake()
    return r.status(DONE)


def _suspend(session: "Session", table: DynamicTable) -> None:
    """With it what is downstream."""
    now = session.engine.clock.now().isoformat()
    below = [other for other in of(session).downstream(table) if not other.suspended]
    of(session).save(suspended(table, BY_HAND, now), *(suspended(other, BY_UPSTREAM, now) for other in below))


def _resume(session: "Session", table: DynamicTable) -> None:
    """With it what was suspended for its sake."""
    below = [other for other in of(session).downstream(table) if other.suspended == BY_UPSTREAM]
    of(session).save(*(replace(each, suspended="", failures=0) for each in (table, *below)))


def _save(session: "Session", table: DynamicTable) -> None:
    of(session).save(table)
    write_table(session, Place(table.full, table.full, "TABLE"), {"comment": table.comment or None})


def _changed(table: DynamicTable, options: dict[str, str]) -> DynamicTable:
    for option in options.keys() - {"TARGET_LAG", "WAREHOUSE", "COMMENT"} - _WITHOUT_EFFECT:
        raise unsupported(f"ALTER DYNAMIC TABLE … SET {option}")
    return replace(
        table,
        target_lag=_lag(options.get("TARGET_LAG", table.target_lag)),
        warehouse=options.get("WAREHOUSE", table.warehouse).upper(),
        comment=options.get("COMMENT", table.comment),
    )


def drop(session: "Session", statement: Statement) -> Result:
    """DROP DYNAMIC TABLE [IF EXISTS] t."""
    table = _find(session, read_head(Reader.over(statement), "DYNAMIC", "TABLE"))
    if table is None:
        return r.status("Drop statement executed successfully.")
    _drop(session, table)
    return r.status(f"{table.name} successfully dropped.")


def _drop(session: "Session", table: DynamicTable) -> None:
    of(session).drop(table)
    session.run(f"DROP TABLE IF EXISTS {table.full}")


def _find(session: "Session", head: Head) -> DynamicTable | None:
    """The table; None when it may be missing and is. Raises SqlError 2003."""
    name = resolve(session, head.name)
    table = of(session).get(name)
    if table is None and not head.tolerant:
        raise not_exist("Dynamic table", str(name))
    return table


def _refresher(session: "Session") -> Refresher:
    refresher: Refresher = session.engine.services["dynamic"]
    return refresher


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """The dynamic tables of a schema that is gone."""
    tables = engine.services["dynamic"].tables
    for table in tables:
        if (table.database, table.schema) == (database, schema):
            tables.drop(table)


def refuse_clone(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Raises SqlError when a schema that is to be copied has dynamic tables."""
    if any((table.database, table.schema) in places for table in of(session)):
        raise unsupported("CLONE of a schema with dynamic tables")


ROUTES = (
    (("CREATE", "DYNAMIC", "TABLE"), create),
    (("ALTER", "DYNAMIC", "TABLE"), alter),
    (("DROP", "DYNAMIC", "TABLE"), drop),
)
