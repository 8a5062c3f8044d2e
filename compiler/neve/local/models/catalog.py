"""Models and their versions: rows in the store, files in a folder of their own for each version."""

import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, IntegrityError, Row
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error, not_exist
from neve.local.sqltext import QualifiedName

if TYPE_CHECKING:
    from neve.local.engine import Engine

SCHEMA = """
CREATE TABLE IF NOT EXISTS models (
    id INTEGER PRIMARY KEY, database TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL,
    owner TEXT NOT NULL, comment TEXT, created_on TEXT NOT NULL, default_version INTEGER,
    UNIQUE (database, schema, name)
);
CREATE TABLE IF NOT EXISTS model_versions (
    id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE, name TEXT NOT NULL,
    folder TEXT NOT NULL, comment TEXT, metadata TEXT NOT NULL DEFAULT '{}', created_on TEXT NOT NULL,
    UNIQUE (model, name)
);
CREATE TABLE IF NOT EXISTS model_aliases (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE, alias TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES model_versions ON DELETE CASCADE,
    PRIMARY KEY (model, alias)
);
"""

SYSTEM_ALIASES = ("DEFAULT", "FIRST", "LAST")


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `aliases` hold the system's own too: DEFAULT, FIRST, LAST."""

    id: int
    name: str
    folder: Path
    comment: str | None
    metadata: str
    created_on: datetime
    aliases: tuple[str, ...]

    @property
    def is_default(self) -> bool:
        return "DEFAULT" in self.aliases


@dataclass(frozen=True, slots=True)
class Model:
    """A model with its versions, oldest first."""

    id: int
    name: QualifiedName
    owner: str
    comment: str | None
    created_on: datetime
    versions: tuple[Version, ...]

    @property
    def default(self) -> Version:
        return next(version for version in self.versions if version.is_default)

    def find(self, name: str) -> Version | None:
        """The version with this name or alias."""
        named = (version for version in self.versions if version.name == name)
        return next(named, None) or next((v for v in self.versions if name in v.aliases), None)

    def version(self, name: str) -> Version:
        """As `find`; raises SqlError when there is none."""
        if found := self.find(name):
            return found
        raise not_exist("Version", f"{name}' of model '{self.name}")


# Reading


def models(engine: "Engine", database: str | None = None, schema: str | None = None) -> list[Model]:
    """All models, or those of a database, or of a schema, by name."""
    query = "SELECT * FROM models WHERE database = COALESCE(?, database) AND schema = COALESCE(?, schema) ORDER BY name"
    with engine.store.transaction() as db:
        return [_model(engine, db, row) for row in db.execute(query, (database, schema)).fetchall()]


def find(engine: "Engine", name: QualifiedName) -> Model | None:
    with engine.store.transaction() as db:
        row = db.execute("SELECT * FROM models WHERE (database, schema, name) = (?, ?, ?)", tuple(name)).fetchone()
        return _model(engine, db, row) if row else None


def get(engine: "Engine", name: QualifiedName) -> Model:
    """As `find`; raises SqlError 2003 when there is none."""
    if found := find(engine, name):
        return found
    raise not_exist("Model", str(name))


def _model(engine: "Engine", db: Connection, row: Row) -> Model:
    versions = db.execute("SELECT * FROM model_versions WHERE model = ? ORDER BY id", (row["id"],)).fetchall()
    aliases = db.execute("SELECT alias, version FROM model_aliases WHERE model = ? ORDER BY alias", (row["id"],))
    named = [(alias["version"], alias["alias"]) for alias in aliases.fetchall()]
    system = zip((row["default_version"], versions[0]["id"], versions[-1]["id"]), SYSTEM_ALIASES, strict=True)
    named += list(system)
    return Model(
        row["id"],
        QualifiedName(row["database"], row["schema"], row["name"]),
        row["owner"],
        row["comment"],
        datetime.fromisoformat(row["created_on"]),
        tuple(_version(engine, version, named) for version in versions),
    )


def _version(engine: "Engine", row: Row, named: Sequence[tuple[int, str]]) -> Version:
    return Version(
        row["id"],
        row["name"],
        _folder(engine) / row["folder"],
        row["comment"],
        row["metadata"],
        datetime.fromisoformat(row["created_on"]),
        tuple(alias for version, alias in named if version == row["id"]),
    )


# Writing


def create(engine: "Engine", name: QualifiedName, owner: str, first: tuple[str, Path], replaced: Model | None) -> None:
    """A new model with its first version (name, files), which is the default one. `replaced` goes when all is done.
    Raises SqlError 100132 when it exists.
    """
    with engine.store.transaction() as db:
        if replaced:
            db.execute("DELETE FROM models WHERE id = ?", (replaced.id,))
        try:
            model = db.execute(
                "INSERT INTO models (database, schema, name, owner, created_on) VALUES (?, ?, ?, ?, ?)",
                (*name, owner, _now()),
            ).lastrowid
        except IntegrityError as error:
            raise SqlError(100132, "42710", f"SQL compilation error:\nObject '{name}' already exists.") from error
        version = _insert_version(engine, db, model, *first)
        db.execute("UPDATE models SET default_version = ? WHERE id = ?", (version, model))
    _remove_files(replaced.versions if replaced else ())


def add_version(engine: "Engine", model: Model, version: str, files: Path) -> None:
    """Raises SqlError when the model has such a version or alias already."""
    if model.find(version):
        raise compilation_error(f"Version '{version}' of model '{model.name}' already exists.", 2002, "42710")
    with engine.store.transaction() as db:
        _insert_version(engine, db, model.id, version, files)


def _insert_version(engine: "Engine", db: Connection, model: int | None, name: str, files: Path) -> int | None:
    folder = uuid.uuid4().hex
    shutil.copytree(files, _folder(engine) / folder)
    return db.execute(
        "INSERT INTO model_versions (model, name, folder, created_on) VALUES (?, ?, ?, ?)",
        (model, name, folder, _now()),
    ).lastrowid


def drop_version(engine: "Engine", version: Version) -> None:
    """Raises SqlError for the default version: another must become the default first."""
    if version.is_default:
        raise compilation_error(f"Cannot drop version '{version.name}': it is the default version of the model.", 1420)
    with engine.store.transaction() as db:
        db.execute("DELETE FROM model_versions WHERE id = ?", (version.id,))
    _remove_files([version])


def drop(engine: "Engine", model: Model) -> None:
    with engine.store.transaction() as db:
        db.execute("DELETE FROM models WHERE id = ?", (model.id,))
    _remove_files(model.versions)


def _remove_files(versions: Iterable[Version]) -> None:
    for version in versions:
        shutil.rmtree(version.folder, ignore_errors=True)


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """The models of a schema that is gone."""
    for model in models(engine, database, schema):
        drop(engine, model)


def rename(engine: "Engine", model: Model, name: QualifiedName) -> None:
    """Raises SqlError 2002 when the name is taken."""
    with engine.store.transaction() as db:
        try:
            db.execute("UPDATE models SET (database, schema, name) = (?, ?, ?) WHERE id = ?", (*name, model.id))
        except IntegrityError as error:
            raise compilation_error(f"Object '{name}' already exists.", 2002, "42710") from error


def set_default(engine: "Engine", model: Model, version: Version) -> None:
    _update(engine, "UPDATE models SET default_version = ? WHERE id = ?", version.id, model.id)


def set_comment(engine: "Engine", model: Model, comment: str | None) -> None:
    _update(engine, "UPDATE models SET comment = ? WHERE id = ?", comment, model.id)


def set_version_comment(engine: "Engine", version: Version, comment: str | None) -> None:
    _update(engine, "UPDATE model_versions SET comment = ? WHERE id = ?", comment, version.id)


def set_metadata(engine: "Engine", version: Version, metadata: str) -> None:
    _update(engine, "UPDATE model_versions SET metadata = ? WHERE id = ?", metadata, version.id)


def set_alias(engine: "Engine", model: Model, version: Version, alias: str) -> None:
    """Moves the alias when another version has it."""
    _update(engine, "INSERT OR REPLACE INTO model_aliases VALUES (?, ?, ?)", model.id, alias, version.id)


def unset_aliases(engine: "Engine", version: Version) -> None:
    _update(engine, "DELETE FROM model_aliases WHERE version = ?", version.id)


def _update(engine: "Engine", sql: str, *values: object) -> None:
    with engine.store.transaction() as db:
        db.execute(sql, values)


def _folder(engine: "Engine") -> Path:
    return engine.state / "models"


def _now() -> str:
    return datetime.now(UTC).isoformat()
