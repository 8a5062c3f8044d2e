"""SHOW PRIMARY KEYS, UNIQUE KEYS and IMPORTED KEYS."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.listing import Scope, table_or_scope
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.schemas import facts
from neve.local.sqltext import QualifiedName, Statement
from neve.local.tables import keys
from neve.local.tables.facts import read_table
from neve.local.tables.names import Place
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

_OWN = ("created_on", "database_name", "schema_name", "table_name", "column_name", "key_sequence", "constraint_name",
        "rely", "comment")  # fmt: skip
_IMPORTED = ("created_on", "pk_database_name", "pk_schema_name", "pk_table_name", "pk_column_name", "fk_database_name",
             "fk_schema_name", "fk_table_name", "fk_column_name", "key_sequence", "update_rule", "delete_rule",
             "fk_name", "pk_name", "deferrability", "rely", "comment")  # fmt: skip
_TYPES = {"created_on": TIMESTAMP_LTZ, "key_sequence": NUMBER}


def show(kind: str, session: "Session", statement: Statement) -> Result:
    """SHOW … KEYS [IN [TABLE] name | IN ACCOUNT | IN DATABASE | IN SCHEMA]: a row a column of a key."""
    reader = Reader.over(statement)
    reader.position = next(i for i, token in enumerate(reader.tokens) if token.text.upper().endswith("KEYS")) + 1
    heads = _IMPORTED if kind == "FOREIGN KEY" else _OWN
    rows = [row for name, told in _tables(session, reader) for row in _rows(session, kind, name, told)]
    return _answer(heads, rows)


def _answer(heads: Sequence[str], rows: Sequence[dict[str, Any]]) -> Result:
    columns = [Column(head, _TYPES.get(head, TEXT)) for head in heads]
    return from_rows(columns, [tuple(row.get(head) for head in heads) for row in rows])


def _tables(session: "Session", reader: Reader) -> Iterator[tuple[QualifiedName, Any]]:
    wanted = table_or_scope(session, reader)
    reader.finish()
    yield from ((name, told) for name, told in _all_tables(session) if _is_in(name, wanted))


def _is_in(name: QualifiedName, wanted: QualifiedName | Scope) -> bool:
    return wanted.holds(*name[:2]) if isinstance(wanted, Scope) else name == wanted


def _all_tables(session: "Session") -> Iterator[tuple[QualifiedName, Any]]:
    for *name, comment in session.fetch(
        "SELECT database_name, schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal"
        " AND NOT temporary ORDER BY ALL"
    ):
        yield QualifiedName(*name), facts(comment)
    for table, stored in session.temporary.items():
        yield table, read_table(session, Place(table, QualifiedName("temp", "main", stored), "TABLE"))


def _rows(session: "Session", kind: str, name: QualifiedName, told: Any) -> Iterator[dict[str, Any]]:
    created = datetime.fromisoformat(told["created_on"]) if told.get("created_on") else None
    for key in keys.recorded(told):
        if key.kind != kind:
            continue
        for place, column in enumerate(key.columns):
            shared = {"created_on": created, "key_sequence": place + 1, "rely": str(key.rely).lower()}
            own = dict(zip(_OWN[1:4], name, strict=True)) | {
                "column_name": column,
                "constraint_name": keys.shown_name(name, key),
            }
            yield shared | (own if kind != "FOREIGN KEY" else _imported(session, name, key, place))


def _imported(session: "Session", name: QualifiedName, key: keys.Key, place: int) -> dict[str, Any]:
    target = keys.target(session, name, key)
    return {
        **dict(zip(_IMPORTED[1:4], target, strict=True)),
        **dict(zip(_IMPORTED[5:8], name, strict=True)),
        "pk_column_name": key.references[place],
        "fk_column_name": key.columns[place],
        "fk_name": keys.shown_name(name, key),
        "pk_name": _name_of_referred(session, target),
        "update_rule": "NO ACTION",
        "delete_rule": "NO ACTION",
        "deferrability": "NOT DEFERRABLE",
    }


def _name_of_referred(session: "Session", table: QualifiedName) -> str | None:
    told = read_table(session, Place(table, table, "TABLE"))
    return next((keys.shown_name(table, key) for key in keys.recorded(told) if key.kind == "PRIMARY KEY"), None)


def show_exported(session: "Session", statement: Statement) -> Result:
    """SHOW EXPORTED KEYS: the foreign keys that refer to what is in the scope."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "EXPORTED", "KEYS")
    wanted = table_or_scope(session, reader)
    reader.finish()
    rows = [
        row
        for name, told in _all_tables(session)
        for row in _rows(session, "FOREIGN KEY", name, told)
        if _is_in(QualifiedName(*(row[head] for head in _IMPORTED[1:4])), wanted)
    ]
    return _answer(_IMPORTED, rows)


ROUTES = (
    (("SHOW", "EXPORTED", "KEYS"), show_exported),
    (("SHOW", "PRIMARY", "KEYS"), partial(show, "PRIMARY KEY")),
    (("SHOW", "UNIQUE", "KEYS"), partial(show, "UNIQUE")),
    (("SHOW", "IMPORTED", "KEYS"), partial(show, "FOREIGN KEY")),
)
