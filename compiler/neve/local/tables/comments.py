"""COMMENT ON."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import not_exist, unsupported
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, quote_identifier, quote_string, resolve
from neve.local.tables import sequences
from neve.local.tables.facts import write_column, write_table
from neve.local.tables.names import find, need

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def comment_on(session: "Session", statement: Statement) -> Result:
    """COMMENT [IF EXISTS] ON TABLE|VIEW|COLUMN|SCHEMA|DATABASE name IS 'text'."""
    reader = Reader.over(statement)
    reader.expect("COMMENT")
    tolerant = reader.take("IF", "EXISTS")
    reader.expect("ON")
    kind, parts = str(reader.token().text).upper(), reader.dotted()
    reader.expect("IS")
    text = reader.string()
    if tolerant and kind in {"TABLE", "VIEW"} and not find(session, parts).kind:
        return r.status(DONE)
    match kind:
        case "TABLE" | "VIEW":
            write_table(session, need(session, parts, kind.capitalize()), {"comment": text})
        case "COLUMN":
            write_column(session, need(session, parts[:-1]), parts[-1], {"comment": text})
        case "SEQUENCE":
            _comment_sequence(session, parts, text)
        case "ROLE" | "USER" | "WAREHOUSE":
            session.run(f"ALTER {kind} {quote_identifier(parts[-1])} SET COMMENT = {quote_string(text)}")
        case "STAGE" | "TASK":
            session.run(f"ALTER {kind} {resolve(session, parts)} SET COMMENT = {quote_string(text)}")
        case "SCHEMA" | "DATABASE":
            _comment_container(session, kind, parts, text)
        case _:
            raise unsupported(f"COMMENT ON {kind}")
    return r.status(DONE)


def _comment_sequence(session: "Session", parts: tuple[str, ...], text: str) -> None:
    name = resolve(session, parts)
    if not sequences.exists(session, name):
        raise not_exist("Sequence", str(name))
    sequences.tell(session, name, {**sequences.told_of(session, name), "comment": text})


def _comment_container(session: "Session", kind: str, parts: tuple[str, ...], text: str) -> None:
    database = parts[0] if kind == "DATABASE" or len(parts) == 2 else session.database
    schema = parts[-1] if kind == "SCHEMA" else ""
    with session.engine.store.transaction() as db:
        changed = db.execute(
            "UPDATE containers SET comment = ? WHERE database = ? AND schema = ?", (text, database, schema)
        ).rowcount
    if not changed:
        raise not_exist(kind.capitalize(), ".".join(parts))


ROUTES = ((("COMMENT",), comment_on),)
