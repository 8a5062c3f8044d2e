"""Column definitions: `name type [NOT NULL] [DEFAULT e] [AUTOINCREMENT] [COMMENT 'x']` in DuckDB's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.sqltext import quote_string
from neve.local.tables.keys import Key, needed
from neve.local.tables.names import quoted
from neve.local.translate.names import stored
from neve.local.types import TEXT, SqlType, parse_type, to_duck

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """`sql` is DuckDB's definition without NOT NULL; `facts` what is remembered beside it; `identity` (start, step) of
    AUTOINCREMENT.
    """

    name: str
    sql: str
    facts: dict[str, Any] = field(default_factory=dict)
    identity: tuple[int, int] | None = None
    type: SqlType = TEXT
    nullable: bool = True


# Recorded by Snowflake and not enforced.
_WITHOUT_EFFECT = frozenset({"primarykeycolumnconstraint", "uniquecolumnconstraint", "reference"})


def definitions(session: "Session", nodes: "Sequence[exp.Expr]") -> Iterator[ColumnDefinition]:
    """The columns of `CREATE TABLE t (…)`; keys, which Snowflake does not enforce, are left out."""
    from sqlglot import exp

    for node in nodes:
        if isinstance(node, exp.ColumnDef):
            yield definition(session, node)
        elif not isinstance(node, exp.PrimaryKey | exp.ForeignKey | exp.UniqueColumnConstraint | exp.Constraint):
            raise unsupported(f"'{node.sql(dialect='snowflake')}' in CREATE TABLE")


def definition(session: "Session", node: "exp.ColumnDef") -> ColumnDefinition:
    from sqlglot import exp

    from neve.local.tables.facts import declared

    if not isinstance(node.this, exp.Identifier) or not node.args.get("kind"):
        raise compilation_error(f"The column '{node.sql(dialect='snowflake')}' has no type.")
    name = stored(node.this)
    kind = parse_type(node.args["kind"].sql(dialect="snowflake"))
    stored_as = to_duck(kind)
    wide = session.wide and stored_as == "BIGINT"
    pieces = [quoted(name), "HUGEINT" if wide else stored_as]
    facts, identity, nullable = dict(declared(kind)), None, True
    for constraint in node.args.get("constraints") or ():
        match constraint.args["kind"].key:
            case "notnullcolumnconstraint":
                nullable = bool(constraint.kind.args.get("allow_null"))
            case "defaultcolumnconstraint":
                facts["default"] = default_text(constraint.kind.this)
                pieces.append(f"DEFAULT ({_expression(session, constraint.kind.this)})")
            case "commentcolumnconstraint":
                facts["comment"] = constraint.kind.this.name
            case "tags":
                pass  # recorded with the table
            case "generatedasidentitycolumnconstraint" | "autoincrementcolumnconstraint":
                identity = facts["identity"] = _identity(constraint.kind)
            case key if key not in _WITHOUT_EFFECT:
                raise unsupported(f"'{constraint.sql(dialect='snowflake')}' of a column")
    return ColumnDefinition(name, " ".join(pieces), facts, identity, kind, nullable)


def not_null(columns: Iterable[ColumnDefinition], found: Iterable[Key]) -> list[ColumnDefinition]:
    """The columns, of which those of the primary key are not NULL."""
    primary = needed(found)
    return [replace(column, nullable=column.nullable and column.name not in primary) for column in columns]


def default_text(node: "exp.Expr") -> str:
    """A default as DESCRIBE TABLE shows it."""
    from sqlglot import exp

    if isinstance(node, exp.Literal) and node.is_string:
        return quote_string(node.this)
    if isinstance(node, exp.Cast):
        kind = parse_type(node.to.sql(dialect="snowflake"))
        return f"CAST({default_text(node.this)} AS {kind})"
    text = node.sql(dialect="snowflake")
    return f"{text}()" if text in _CALLED else text


_CALLED = frozenset({"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURRENT_ROLE"})


def tags_of(node: "exp.Expr") -> dict[str, str]:
    """WITH TAG (name = 'value', …)."""
    return {one.this.sql(dialect="snowflake"): one.args["value"].name for one in node.expressions}


def _identity(node: "exp.Expr") -> tuple[int, int]:
    start, step = node.args.get("start"), node.args.get("increment")
    numbers = [node.sql(dialect="snowflake") if node else "1" for node in (start, step)]
    if not all(number.removeprefix("-").isdecimal() for number in numbers):
        raise compilation_error(f"AUTOINCREMENT counts in whole numbers, not from {numbers[0]} by {numbers[1]}.")
    return int(numbers[0]), int(numbers[1])


def _expression(session: "Session", node: "exp.Expr") -> str:
    from sqlglot import exp

    from neve.local.translate.query import translated

    text = translated(session, exp.Select(expressions=[node.copy()]))
    return text.removeprefix("SELECT ")
