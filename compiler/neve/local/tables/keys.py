"""Keys of a table: recorded and shown. As on Snowflake none is enforced, but that a primary key is not NULL."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from neve.local.sqltext import QualifiedName, parse_name, resolve
from neve.local.translate.names import stored

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class Key:
    """`kind` is PRIMARY KEY, UNIQUE or FOREIGN KEY; `table` and `references` are what a foreign key refers to."""

    kind: str
    columns: tuple[str, ...]
    name: str = ""
    table: str = ""
    references: tuple[str, ...] = ()
    rely: bool = False

    @property
    def sql(self) -> str:
        """The key as CREATE TABLE writes it."""
        named = f"constraint {self.name} " if self.name else ""
        refers = f" references {self.table} ({', '.join(self.references)})" if self.table else ""
        return f"{named}{self.kind.lower()} ({', '.join(self.columns)}){refers}"


def shown_name(table: QualifiedName, key: Key) -> str:
    """The key's name, or the one that the system gives it."""
    told = "|".join((*table, key.kind, *key.columns))
    return key.name or f"SYS_CONSTRAINT_{uuid.uuid5(uuid.NAMESPACE_OID, told)}"


def target(session: "Session", table: QualifiedName, key: Key) -> QualifiedName:
    """The table that a foreign key of `table` refers to."""
    parts = parse_name(key.table)
    whole = (*table[: 3 - len(parts)], *parts)
    return resolve(session, whole)


def written(keys: Iterable[Key]) -> list[dict[str, Any]]:
    return [asdict(key) for key in keys]


def needed(keys: Iterable[Key]) -> frozenset[str]:
    """The columns of the primary key, which are not NULL."""
    return frozenset(column for key in keys if key.kind == "PRIMARY KEY" for column in key.columns)


def recorded(told: Mapping[str, Any]) -> list[Key]:
    """The keys among a table's facts."""
    lists = ("columns", "references")
    return [Key(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in told.get("keys") or ()]


def of(nodes: "Sequence[exp.Expr]") -> Iterator[Key]:
    """The keys that the parts of `CREATE TABLE t (…)` declare, beside columns and on them."""
    for node in nodes:
        if node.key == "columndef":
            for constraint in node.args.get("constraints") or ():
                yield from _key(constraint.kind, (stored(node.this),), _name(constraint))
        elif node.key == "constraint":
            for inner in node.expressions:
                yield from _key(inner, (), _name(node))
        else:
            yield from _key(node, (), "")


def _key(node: "exp.Expr", column: tuple[str, ...], name: str) -> Iterator[Key]:
    match node.key:
        case "primarykey" | "primarykeycolumnconstraint":
            yield Key("PRIMARY KEY", column or _columns(node.expressions), name)
        case "uniquecolumnconstraint":
            yield Key("UNIQUE", column or _columns(node.this.expressions), name)
        case "foreignkey":
            yield _foreign(_columns(node.expressions), name, node.args["reference"])
        case "reference":
            yield _foreign(column, name, node)


def _foreign(columns: tuple[str, ...], name: str, reference: "exp.Expr") -> Key:
    target = reference.this
    table = target.this if target.key == "schema" else target
    parts = ".".join(stored(part) for part in table.parts)
    return Key("FOREIGN KEY", columns, name, parts, _columns(target.expressions) if target.key == "schema" else columns)


def _columns(nodes: "Sequence[exp.Expr]") -> tuple[str, ...]:
    return tuple(stored(node.find(_identifier()) or node) for node in nodes)


def _identifier() -> Any:
    from sqlglot import exp

    return exp.Identifier


def _name(node: "exp.Expr") -> str:
    return stored(node.this) if node.args.get("this") is not None else ""
