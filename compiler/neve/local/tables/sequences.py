"""CREATE, ALTER, DROP and SHOW of sequences: DuckDB's own."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import already_exists, not_exist
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.schemas import facts
from neve.local.show.request import answer, read
from neve.local.sqltext import QualifiedName, Statement, quote_identifier, quote_string, resolve
from neve.local.tables.names import text_literal
from neve.local.transactions import all_or_nothing

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
    start, step, told = _numbers(reader)
    with all_or_nothing(session):
        session.fetch(f"CREATE OR REPLACE SEQUENCE {duck_name(name)} {counting(start, step)}")
        tell(session, name, {"created_on": datetime.now(UTC).isoformat(), **told})
    return r.status(f"Sequence {name.name} successfully created.")


def counting(start: int, step: int) -> str:
    """The clauses of a DuckDB sequence with Snowflake's bounds: its own let nothing count down from above zero."""
    return f"START {start} INCREMENT {step} MINVALUE {-(2**63)} MAXVALUE {2**63 - 1}"


def tell(session: "Session", name: QualifiedName, told: Mapping[str, Any]) -> None:
    """What DuckDB has no place for."""
    session.fetch(f"COMMENT ON SEQUENCE {duck_name(name)} IS {text_literal(json.dumps(told))}")


def told_of(session: "Session", name: QualifiedName) -> Mapping[str, Any]:
    sql = "SELECT comment FROM duckdb_sequences() WHERE database_name = ? AND schema_name = ? AND sequence_name = ?"
    rows = session.fetch(sql, list(name))
    return facts(rows[0][0]) if rows else {}


def _numbers(reader: Reader) -> tuple[int, int, dict[str, Any]]:
    start = step = 1
    told: dict[str, Any] = {}
    reader.take("WITH")
    while not reader.at_end():
        if reader.take("START"):
            _skip(reader, "WITH")
            start = _integer(reader)
        elif reader.take("INCREMENT"):
            _skip(reader, "BY")
            step = _integer(reader)
        elif reader.take("COMMENT", "="):
            told["comment"] = reader.string()
        elif word := reader.take_any("ORDER", "NOORDER"):
            told["ordered"] = word == "ORDER"
        elif not reader.take(","):
            raise reader.unexpected()
    return start, step, told


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
    upcoming, step = following(session, name), _step(session, name)
    if reader.take("RENAME", "TO"):
        _make_anew(session, name, resolve(session, reader.dotted()), upcoming, step)
    elif reader.take("SET", "INCREMENT") or reader.take("INCREMENT"):
        _skip(reader, "BY")
        _make_anew(session, name, name, upcoming, _integer(reader))
    elif reader.take("SET", "COMMENT", "="):
        tell(session, name, {**told_of(session, name), "comment": reader.string()})
    elif reader.take("UNSET", "COMMENT"):
        tell(session, name, {**told_of(session, name), "comment": ""})
    elif not (reader.take("SET", "ORDER") or reader.take("SET", "NOORDER")):
        raise reader.unexpected()
    return r.status(DONE)


_OF_THIS = "WHERE database_name = ? AND schema_name = ? AND sequence_name = ?"


def following(session: "Session", name: QualifiedName) -> int:
    """The number that the sequence gives next."""
    sql = f"SELECT COALESCE(last_value + increment_by, start_value) FROM duckdb_sequences() {_OF_THIS}"
    return int(session.fetch(sql, list(name))[0][0])


def _step(session: "Session", name: QualifiedName) -> int:
    return int(session.fetch(f"SELECT increment_by FROM duckdb_sequences() {_OF_THIS}", list(name))[0][0])


def _make_anew(session: "Session", old: QualifiedName, new: QualifiedName, start: int, step: int) -> None:
    """DuckDB alters no sequences. Raises SqlError when a column's default needs it."""
    with all_or_nothing(session):
        told = told_of(session, old)
        session.fetch(f"DROP SEQUENCE {duck_name(old)}")
        make(session, new, start, step, told)


def make(session: "Session", name: QualifiedName, start: int, step: int, told: Mapping[str, Any]) -> None:
    session.fetch(f"CREATE SEQUENCE {duck_name(name)} {counting(start, step)}")
    tell(session, name, told)


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


_SHOWN = ("name", "database_name", "schema_name", "next_value", "interval", "created_on", "owner", "comment",
          "owner_role_type", "ordered")  # fmt: skip


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
    found = [row for row in all_of(session) if request.scope.holds(row["database_name"], row["schema_name"])]
    return answer(request, _SHOWN, found, _SHOWN)


def all_of(session: "Session") -> Iterator[dict[str, Any]]:
    """Every sequence, as SHOW SEQUENCES shows it; also where it started."""
    rows = session.fetch(
        "SELECT sequence_name, database_name, schema_name, COALESCE(last_value + increment_by, start_value),"
        " increment_by, start_value, comment FROM duckdb_sequences() ORDER BY 2, 3, 1"
    )
    for name, database, schema, following, step, start, comment in rows:
        told = facts(comment)
        if not name.startswith("_neve_"):
            yield {
                "name": name,
                "database_name": database,
                "schema_name": schema,
                "next_value": following,
                "interval": step,
                "start": start,
                "created_on": datetime.fromisoformat(told["created_on"]) if "created_on" in told else None,
                "owner": session.role,
                "comment": told.get("comment", ""),
                "owner_role_type": "ROLE",
                "ordered": "Y" if told.get("ordered") else "N",
            }


ROUTES = (
    (("CREATE", "SEQUENCE"), create),
    (("ALTER", "SEQUENCE"), alter),
    (("DESCRIBE", "SEQUENCE"), describe),
    (("DESC", "SEQUENCE"), describe),
    (("DROP", "SEQUENCE"), drop),
    (("SHOW", "SEQUENCES"), show),
)
