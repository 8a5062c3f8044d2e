"""CREATE SCHEMA and DATABASE … CLONE: the order of the areas, and what that of the tables copies."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from neve.local.reader import Reader
from neve.local.schemas import facts
from neve.local.sqltext import QualifiedName
from neve.local.tables import sequences
from neve.local.tables.copying import copy
from neve.local.tables.facts import born, read_table, write_table
from neve.local.tables.names import Place
from neve.local.translate.live import FACT, columns_like

if TYPE_CHECKING:
    from neve.local.session import Session

Places: TypeAlias = Mapping[tuple[str, str], tuple[str, str]]
"""Schemas that are copied, by database and name, and those that their copies are in."""

_NOT_COPIED = frozenset({"history", "created_on"})


def moved(places: Places, name: QualifiedName) -> QualifiedName:
    """The name of an object's copy; its own when it has none."""
    return QualifiedName(*places.get((name.database, name.schema), (name.database, name.schema)), name.name)


def copy_all(session: "Session", places: Places) -> None:
    """What is in these schemas, into the others, which are there and empty. Raises SqlError."""
    from neve.local.dispatch import CLONED_SCHEMAS

    for cloned in CLONED_SCHEMAS:
        cloned(session, places)


def cloned(session: "Session", places: Places) -> None:
    """Sequences first, which defaults need; views last, which need what they read."""
    for row in list(sequences.all_of(session)):
        name = QualifiedName(row["database_name"], row["schema_name"], row["name"])
        if (name.database, name.schema) in places:
            told = sequences.told_of(session, name)
            sequences.make(session, moved(places, name), row["next_value"], row["interval"], {**told, **born()})
    for table, _ in _named(session, places, "table"):
        _clone_table(session, places, table)
    for view, told in sorted(_named(session, places, "view"), key=lambda found: str(found[1].get("created_on"))):
        made = moved(places, view)
        if told.get(FACT):
            session.fetch(f"CREATE VIEW {Place(made, made, 'VIEW').sql} AS {columns_like(session, view)}")
        else:
            _clone_view(session, made, str(told.get("text", "")))
        kept = {key: value for key, value in told.items() if key != "created_on"}
        write_table(session, Place(made, made, "VIEW"), kept)


def _named(session: "Session", places: Places, kind: str) -> Iterator[tuple[QualifiedName, Mapping[str, object]]]:
    """The tables or views of the schemas, and what is known of each."""
    for *name, comment in session.fetch(
        f"SELECT database_name, schema_name, {kind}_name, comment FROM duckdb_{kind}s() WHERE NOT internal ORDER BY ALL"
    ):
        found = QualifiedName(*name)
        if (found.database, found.schema) in places:
            yield found, facts(comment)


def _clone_table(session: "Session", places: Places, table: QualifiedName) -> None:
    model = Place(table, table, "TABLE")
    made = Place(moved(places, table), moved(places, table), "TABLE")
    copy(session, model, made, rows=True, moved=lambda name: moved(places, name))
    kept = {key: value for key, value in read_table(session, model).items() if key not in _NOT_COPIED}
    write_table(session, made, kept | born())


def _clone_view(session: "Session", name: QualifiedName, text: str) -> None:
    """Made again from its text: names without a schema are of the schema that the copy is in."""
    reader = Reader.of(text)
    reader.until("VIEW")
    reader.expect("VIEW")
    reader.take("IF", "NOT", "EXISTS")
    start = reader.offset
    reader.dotted()
    before = session.database, session.schema
    session.database, session.schema = name.database, name.schema
    try:
        session.run(f"{text[:start]}{name}{text[reader.done :]}")
    finally:
        session.database, session.schema = before
