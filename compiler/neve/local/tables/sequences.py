"""CREATE, ALTER, DROP and SHOW of sequences: DuckDB's own."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, not_exist
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.show.request import read
from neve.local.sqltext import QualifiedName, Statement, quote_identifier, quote_string, resolve
from neve.local.transactions import all_or_nothing
from neve.local.types import NUMBER

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def create(session: "Session", statement: Statement) -> Result:
    """CREATE [OR REPLACE] SEQUENCE [IF NOT EXISTS] name [START = n] [INCREMENT = n] [ORDER | NOORDER] [COMMENT = …]."""
    reader = Reader.over(statement)
    head = read_head(reader, "SEQUENCE")
    name = resolve(session, head.name)
    if exists(session, name) and not head.replace:
        if not head.tolerant:
            raise already_exists(name.name)
        return r.status(f"{name.name} already exists, statement succeeded.")
    start, step = _numbers(reader)
    with all_or_nothing(session):
        session.fetch(f"CREATE OR REPLACE SEQUENCE {duck_name(name)} {counting(start, step)}")
    return r.status(f"Sequence {name.name} successfully created.")


def counting(start: int, step: int) -> str:
    """The clauses of a DuckDB sequence with Snowflake's bounds: its own let nothing count down from above zero."""
    return f"START {start} INCREMENT {step} MINVALUE {-(2**63)} MAXVALUE {2**63 - 1}"


def _numbers(reader: Reader) -> tuple[int, int]:
    start = step = 1
    reader.take("WITH")
    while not reader.at_end():
        if reader.take("START"):
            _skip(reader, "WITH")
            start = _integer(reader)
        elif reader.take("INCREMENT"):
            _skip(reader, "BY")
            step = _integer(reader)
        elif reader.take("COMMENT", "="):
            reader.string()
        elif not (reader.take("ORDER") or reader.take("NOORDER") or reader.take(",")):
            raise reader.unexpected()
    return start, step


def _integer(reader: Reader) -> int:
    before = reader.position
    text = reader.value()
    if not text.removeprefix("-").isdecimal():
        reader.position = before
        raise reader.unexpected()
    return int(text)


def _skip(reader: Reader, word: str) -> None:
    """The sign or word that may stand before a number."""
    if not reader.take(word):
        reader.take("=")


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER SEQUENCE [IF EXISTS] name RENAME TO name | SET INCREMENT n | SET or UNSET COMMENT."""
    reader = Reader.over(statement)
    head = read_head(reader, "SEQUENCE")
    name = resolve(session, head.name)
    if not exists(session, name):
        if not head.tolerant:
            raise not_exist("Sequence", str(name))
        return r.status(DONE)
    ((following, step),) = session.fetch(
        "SELECT COALESCE(last_value + increment_by, start_value), increment_by FROM duckdb_sequences()"
        " WHERE database_name = ? AND schema_name = ? AND sequence_name = ?",
        list(name),
    )
    if reader.take("RENAME", "TO"):
        _make_anew(session, name, resolve(session, reader.dotted()), following, step)
    elif reader.take("SET", "INCREMENT") or reader.take("INCREMENT"):
        _skip(reader, "BY")
        _make_anew(session, name, name, following, int(reader.value()))
    elif not (reader.take("SET", "COMMENT") or reader.take("UNSET", "COMMENT")):
        raise reader.unexpected()
    return r.status(DONE)


def _make_anew(session: "Session", old: QualifiedName, new: QualifiedName, start: int, step: int) -> None:
    """DuckDB alters no sequences. Raises SqlError when a column's default needs it."""
    with all_or_nothing(session):
        session.fetch(f"DROP SEQUENCE {duck_name(old)}")
        session.fetch(f"CREATE SEQUENCE {duck_name(new)} {counting(start, step)}")


def exists(session: "Session", name: QualifiedName) -> bool:
    sql = "SELECT 1 FROM duckdb_sequences() WHERE database_name = ? AND schema_name = ? AND sequence_name = ?"
    return bool(session.fetch(sql, list(name)))


def duck_name(name: QualifiedName) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in name)


def drop(session: "Session", statement: Statement) -> Result:
    head = read_head(Reader.over(statement), "SEQUENCE")
    name = resolve(session, head.name)
    if not exists(session, name):
        if not head.tolerant:
            raise not_exist("Sequence", str(name))
        return r.status("Drop statement executed successfully.")
    with all_or_nothing(session):
        session.fetch(f"DROP SEQUENCE {duck_name(name)}")
    return r.status(f"{name.name} successfully dropped.")


_SHOWN = ("name", "database_name", "schema_name", "next_value", "interval", "created_on", "owner", "comment")


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE SEQUENCE name: the row of SHOW SEQUENCES."""
    reader = Reader.over(statement)
    name = resolve(session, read_head(reader, "SEQUENCE").name)
    if not exists(session, name):
        raise not_exist("Sequence", str(name))
    scope = f"{quote_identifier(name.database)}.{quote_identifier(name.schema)}"
    return session.run(f"SHOW SEQUENCES LIKE {quote_string(name.name)} IN SCHEMA {scope}")


def show(session: "Session", statement: Statement) -> Result:
    request = read(session, statement, "SEQUENCES")
    rows = session.fetch(
        "SELECT sequence_name, database_name, schema_name, COALESCE(last_value + increment_by, start_value),"
        " increment_by FROM duckdb_sequences() ORDER BY 2, 3, 1"
    )
    found = [
        (*row, None, session.role, "")
        for row in rows
        if request.names(row[0]) and not row[0].startswith("_neve_")
        if request.scope.holds(row[1], row[2])
    ]
    kinds = {"next_value": NUMBER, "interval": NUMBER}
    columns = [Column(name, kinds[name]) if name in kinds else Column(name) for name in _SHOWN]
    return from_rows(columns, found)


ROUTES = (
    (("CREATE", "SEQUENCE"), create),
    (("ALTER", "SEQUENCE"), alter),
    (("DESCRIBE", "SEQUENCE"), describe),
    (("DESC", "SEQUENCE"), describe),
    (("DROP", "SEQUENCE"), drop),
    (("SHOW", "SEQUENCES"), show),
)
