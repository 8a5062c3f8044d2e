"""A scripting block as frozen values: what the parser makes of the text, and the interpreter walks (fact sheet 7.1).

`at` is the offset of the node's first character in the block's text.
"""

from dataclasses import dataclass
from typing import Literal

from neve.local.procedures.routine import Parameter
from neve.local.types import SqlType


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a text where a variable may stand: `:name`, or in an expression also the bare name.

    `field` is the column of `row.column`; `bound` says that the colon was written, so that an
    unknown name is an error; `function` is the one whose first argument the reference is, such as TABLE.
    """

    name: str
    text: str
    at: int
    field: str | None = None
    bound: bool = False
    function: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A piece of the block's text, cut at the places where variables may stand."""

    at: int
    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A statement in parentheses used as a value: `(SELECT …)`, `(CALL …)`, `ASYNC (…)`."""

    at: int
    statement: "Statement"
    is_async: bool = False


Value = Template | Query


@dataclass(frozen=True, slots=True)
class DeclareVariable:
    at: int
    name: str
    type: str | None
    default: Value | None


@dataclass(frozen=True, slots=True)
class DeclareCursor:
    """`query` is the SELECT, or the name of the RESULTSET whose rows it gives."""

    at: int
    name: str
    query: Template | str


@dataclass(frozen=True, slots=True)
class DeclareResultSet:
    at: int
    name: str
    default: Value | None


@dataclass(frozen=True, slots=True)
class DeclareException:
    at: int
    name: str
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class DeclareProcedure:
    """A procedure that exists in its block only; `returns` is None for RETURNS TABLE(…)."""

    at: int
    name: str
    parameters: tuple[Parameter, ...]
    returns: SqlType | None
    body: "Block"


Declaration = DeclareVariable | DeclareCursor | DeclareResultSet | DeclareException | DeclareProcedure


@dataclass(frozen=True, slots=True)
class Handler:
    """WHEN a [OR b] THEN …: `names` are upper case; `goes_on` is the CONTINUE form."""

    at: int
    names: tuple[str, ...]
    body: tuple["Statement", ...]
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    at: int
    declarations: tuple[Declaration, ...]
    body: tuple["Statement", ...]
    handlers: tuple[Handler, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Let:
    at: int
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class Assign:
    at: int
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Branch:
    condition: Template
    body: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class If:
    at: int
    branches: tuple[Branch, ...]
    otherwise: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`subject` is None for the searched form."""

    at: int
    subject: Template | None
    branches: tuple[Branch, ...]
    otherwise: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class ForRows:
    """FOR row IN a cursor or RESULTSET."""

    at: int
    name: str
    source: str
    body: tuple["Statement", ...]
    label: str | None


@dataclass(frozen=True, slots=True)
class ForRange:
    at: int
    name: str
    first: Template
    last: Template
    downwards: bool
    body: tuple["Statement", ...]
    label: str | None


@dataclass(frozen=True, slots=True)
class Loop:
    """WHILE (before), REPEAT … UNTIL (after) and LOOP (neither); both conditions say when to go on or stop."""

    at: int
    before: Template | None
    until: Template | None
    body: tuple["Statement", ...]
    label: str | None


@dataclass(frozen=True, slots=True)
class Jump:
    """BREAK and CONTINUE."""

    at: int
    kind: Literal["BREAK", "CONTINUE"]
    label: str | None


@dataclass(frozen=True, slots=True)
class Return:
    at: int
    value: Value | None


@dataclass(frozen=True, slots=True)
class ReturnTable:
    """RETURN TABLE(…): of a RESULTSET's name, or a query."""

    at: int
    value: Value


@dataclass(frozen=True, slots=True)
class Sql:
    """Any SQL statement; `into` are the variables of SELECT … INTO and CALL … INTO."""

    at: int
    text: Template
    into: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """CALL of a procedure: as SQL, and in its parts, for one of the block's own and for OUT arguments. `name` is empty
    when it is not a bare one; an argument has a name when it was written `name => …`.
    """

    at: int
    sql: Sql
    name: str
    arguments: tuple[tuple[str | None, Template], ...]


@dataclass(frozen=True, slots=True)
class Log:
    """SYSTEM$LOG(…) and its like, which need no CALL."""

    at: int
    call: Template


@dataclass(frozen=True, slots=True)
class ExecuteImmediate:
    at: int
    text: Template
    using: tuple[str, ...] = ()
    into: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    at: int
    cursor: str
    using: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    at: int
    cursor: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Close:
    at: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Raise:
    """RAISE name; without one it raises again what the handler caught."""

    at: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """NULL"""

    at: int


@dataclass(frozen=True, slots=True)
class Async:
    """ASYNC (…): the statement runs at once, but its error waits for AWAIT."""

    at: int
    statement: "Statement"


@dataclass(frozen=True, slots=True)
class Await:
    """AWAIT ALL | name, and CANCEL name; `name` is None for ALL."""

    at: int
    name: str | None
    cancels: bool


Statement = (
    Block | Let | Assign | If | Case | ForRows | ForRange | Loop | Jump | Return | ReturnTable | Sql | ExecuteImmediate
    | Open | Fetch | Close | Raise | Nothing | Call | Log | Async | Await
)  # fmt: skip
