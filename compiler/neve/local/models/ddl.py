"""CREATE, ALTER, DROP and COMMENT of models."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from neve.local import result
from neve.local.errors import unsupported
from neve.local.models import catalog, package
from neve.local.models.catalog import Model, Version
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.stages.location import location

if TYPE_CHECKING:
    from neve.local.session import Session


def create_model(session: "Session", statement: Statement) -> Result:
    """CREATE [OR REPLACE] MODEL [IF NOT EXISTS] m WITH VERSION v FROM {@stage | MODEL m2 [VERSION v2]}."""
    reader = Reader.over(statement)
    reader.expect("CREATE")
    replaces = reader.take("OR", "REPLACE")
    reader.expect("MODEL")
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    name = read_name(session, reader)
    reader.expect("WITH")
    _refuse_live(reader)
    reader.expect("VERSION")
    version = reader.name()
    existing = catalog.find(session.engine, name)
    if existing and if_not_exists:
        return result.status(f"{name.name} already exists, statement succeeded.")
    first = version, _files(session, reader)
    catalog.create(session.engine, name, session.role, first, existing if replaces else None)
    return result.status(f"Model {name.name} successfully created.")


def alter_model(session: "Session", statement: Statement) -> Result:
    """ALTER MODEL [IF EXISTS] m …, one action a statement."""
    reader = Reader.over(statement)
    reader.expect("ALTER", "MODEL")
    if_exists = reader.take("IF", "EXISTS")
    name = read_name(session, reader)
    model = catalog.find(session.engine, name) if if_exists else catalog.get(session.engine, name)
    if model is not None:
        _action(reader)(session, model, reader)
        reader.finish()
    return result.status("Statement executed successfully.")


def drop_model(session: "Session", statement: Statement) -> Result:
    reader = Reader.over(statement)
    reader.expect("DROP", "MODEL")
    if_exists = reader.take("IF", "EXISTS")
    name = read_name(session, reader)
    reader.finish()
    if if_exists and catalog.find(session.engine, name) is None:
        return result.status("Drop statement executed successfully (object already dropped).")
    catalog.drop(session.engine, catalog.get(session.engine, name))
    return result.status(f"{name.name} successfully dropped.")


def comment_on_model(session: "Session", statement: Statement) -> Result:
    """COMMENT [IF EXISTS] ON MODEL m IS '…'."""
    reader = Reader.over(statement)
    reader.expect("COMMENT", "ON", "MODEL")
    model = catalog.get(session.engine, read_name(session, reader))
    reader.expect("IS")
    catalog.set_comment(session.engine, model, reader.string())
    return result.status("Statement executed successfully.")


# The actions of ALTER MODEL

Action: TypeAlias = Callable[["Session", Model, Reader], None]


def _action(reader: Reader) -> Action:
    _refuse_live(reader, "ADD")
    if reader.sees("SET", "TAG") or reader.sees("UNSET", "TAG"):
        raise unsupported("A tag on a model")
    for words, action in _ACTIONS.items():
        if reader.take(*words):
            return action
    raise reader.unexpected()


def _add_version(session: "Session", model: Model, reader: Reader) -> None:
    version = reader.name()
    catalog.add_version(session.engine, model, version, _files(session, reader))


def _drop_version(session: "Session", model: Model, reader: Reader) -> None:
    catalog.drop_version(session.engine, model.version(reader.name()))


def _set(session: "Session", model: Model, reader: Reader) -> None:
    while not reader.at_end():
        key = reader.take_any("COMMENT", "DEFAULT_VERSION")
        if not key:
            raise reader.unexpected()
        reader.expect("=")
        if key == "COMMENT":
            catalog.set_comment(session.engine, model, reader.string())
        else:
            catalog.set_default(session.engine, model, _version_after(model, reader))
        reader.take(",")


def _unset_comment(session: "Session", model: Model, _reader: Reader) -> None:
    catalog.set_comment(session.engine, model, None)


def _rename(session: "Session", model: Model, reader: Reader) -> None:
    catalog.rename(session.engine, model, read_name(session, reader))


def _alias(session: "Session", model: Model, reader: Reader) -> None:
    version = _version_after(model, reader)
    if reader.take("UNSET", "ALIAS"):
        catalog.unset_aliases(session.engine, version)
        return
    reader.expect("SET", "ALIAS", "=")
    catalog.set_alias(session.engine, model, version, reader.name())


def _modify_version(session: "Session", model: Model, reader: Reader) -> None:
    version = _version_after(model, reader)
    reader.expect("SET")
    key = reader.take_any("COMMENT", "METADATA")
    if not key:
        raise reader.unexpected()
    reader.expect("=")
    change = catalog.set_version_comment if key == "COMMENT" else catalog.set_metadata
    change(session.engine, version, reader.string())


_ACTIONS: dict[tuple[str, ...], Action] = {
    ("ADD", "VERSION"): _add_version,
    ("DROP", "VERSION"): _drop_version,
    ("MODIFY", "VERSION"): _modify_version,
    ("VERSION",): _alias,
    ("RENAME", "TO"): _rename,
    ("UNSET", "COMMENT"): _unset_comment,
    ("SET",): _set,
}


# Parts of statements


def read_name(session: "Session", reader: Reader) -> QualifiedName:
    """Take a dotted name and resolve it."""
    parts = [reader.name()]
    while reader.take("."):
        parts.append(reader.name())
    return resolve(session, parts)


def _version_after(model: Model, reader: Reader) -> Version:
    return model.version(reader.string().upper() if reader.sees_string() else reader.name())


def _refuse_live(reader: Reader, *before: str) -> None:
    if reader.sees(*before, "LIVE", "VERSION"):
        raise unsupported("A live version of a model")


def _files(session: "Session", reader: Reader) -> Path:
    """The folder that FROM … names, checked to be a model's."""
    reader.expect("FROM")
    if reader.take("MODEL"):
        source = catalog.get(session.engine, read_name(session, reader))
        return (_version_after(source, reader) if reader.take("VERSION") else source.default).folder
    place = location(session, _place(reader))
    package.read(place.folder / place.path)
    return place.folder / place.path


def _place(reader: Reader) -> str:
    """Take a place on a stage, in quotes or not."""
    place = reader.string() if reader.sees_string() else reader.text[reader.offset :]
    reader.position = len(reader.tokens)
    return place
