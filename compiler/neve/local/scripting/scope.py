"""What the names of a running block stand for, and how they get into SQL text (fact sheet 7.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from neve.local.errors import SqlError, compilation_error, invalid_identifier
from neve.local.result import Result
from neve.local.scripting.tree import DeclareException, DeclareProcedure, Reference, Template
from neve.local.scripting.values import NULL, Typed, literal
from neve.local.sqltext import quote_string
from neve.local.types import SqlType


@dataclass(slots=True)
class Variable:
    """`type` is the `declared` one, else that of the first value; None until there is one."""

    value: Typed = NULL
    type: SqlType | None = None
    declared: bool = False


@dataclass(slots=True)
class ResultSet:
    """`error` is that of an ASYNC statement, which AWAIT raises."""

    result: Result | None = None
    error: SqlError | None = None

    @property
    def status(self) -> str:
        return "FAILED_WITH_ERROR" if self.error else "SUCCESS"


@dataclass(slots=True)
class Cursor:
    """`result` and `position` once it is open; `looped` after a FOR that opened it, which CLOSE may follow."""

    query: Template | str
    result: Result | None = None
    position: int = 0
    looped: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a FOR loop."""

    values: Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class OwnProcedure:
    """A procedure that the block declares; `scope` has the names that it sees."""

    declaration: DeclareProcedure
    scope: "Scope"


Meaning = Variable | ResultSet | Cursor | Row | DeclareException | OwnProcedure
RESULTSET_STATUS = "SYSTEM$GET_RESULTSET_STATUS"


@dataclass(slots=True)
class Scope:
    """Names of one block, branch or loop body; the outer ones behind it."""

    outer: "Scope | None" = None
    names: dict[str, Meaning] = field(default_factory=dict)

    def find(self, name: str) -> Meaning | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def variable(self, name: str) -> Variable:
        found = self.find(name)
        if not isinstance(found, Variable):
            raise invalid_identifier(name)
        return found

    def result_of(self, name: str) -> Result:
        """The rows of a RESULTSET or an open cursor."""
        found = self.find(name)
        if not isinstance(found, ResultSet | Cursor):
            raise invalid_identifier(name)
        if isinstance(found, ResultSet) and found.error:
            raise found.error
        if found.result is None:
            raise compilation_error(f"{name} has no rows yet: it was not assigned or opened.")
        return found.result


def rows_of(result: Result) -> Sequence[Row]:
    names = [column.name for column in result.columns]
    types = [column.type for column in result.columns]
    return [Row({n: Typed(v, t) for n, v, t in zip(names, row, types, strict=True)}) for row in result.rows]


def sole_reference(template: Template) -> Reference | None:
    """The reference that is all of the template."""
    only = template.parts[0] if len(template.parts) == 1 else None
    return only if isinstance(only, Reference) else None


def render(template: Template, scope: Scope) -> str:
    """The text with each variable's value in its place; raises SqlError for an unknown `:name`."""
    return "".join(part if isinstance(part, str) else _substitute(part, scope) for part in template.parts)


def _substitute(reference: Reference, scope: Scope) -> str:
    found = scope.find(reference.name)
    match found:
        case None if reference.bound:
            raise SqlError(2049, "42601", f"SQL compilation error:\nBind variable :{reference.name} not set.")
        case Variable() if reference.field is None:
            return literal(found.value)
        case Row():
            return literal(field_of(found, reference))
        case ResultSet() | Cursor() if reference.bound and reference.function == "TABLE":
            result = scope.result_of(reference.name)
            return f"RESULT_SCAN({quote_string(result.query_id)})"
        case ResultSet() if reference.function == RESULTSET_STATUS:
            return quote_string(found.status)
        case _ if reference.bound:
            raise compilation_error(f"{reference.text} cannot be used here: it is no scalar variable.")
        case _:
            return reference.text


def field_of(row: Row, reference: Reference) -> Typed:
    """The column of the row that `row.column` names."""
    if reference.field is None:
        raise compilation_error(
            f"{reference.name} is a row: a column of it cannot be used inside SQL. "
            f"Copy it to a variable first: LET x := {reference.name}.column;"
        )
    if reference.field not in row.values:
        raise invalid_identifier(f"{reference.name}.{reference.field}")
    return row.values[reference.field]
