"""WHEN: what it may contain (fact sheet 3.3, 4.1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from neve.local.reader import Reader
from neve.local.tasks import run_errors
from neve.local.tasks.reading import decimal, list_of, sees_number
from neve.local.tasks.states import CONDITIONS

Value = str | Decimal | bool | None

STREAM_HAS_DATA = "SYSTEM$STREAM_HAS_DATA"
PREDECESSORS_STATE = "SYSTEM$PREDECESSORS_STATE"
FUNCTIONS: Mapping[str, range] = {
    STREAM_HAS_DATA: range(1, 2),
    "SYSTEM$GET_PREDECESSOR_RETURN_VALUE": range(2),
    PREDECESSORS_STATE: range(1, 2),
    "SYSTEM$TASK_COMPLETION_STATE": range(1, 2),
}
"""What WHEN may call, and with how many arguments."""

TEXT_TYPES = frozenset({"VARCHAR", "STRING", "TEXT", "CHAR", "CHARACTER"})
EXACT_TYPES = frozenset(["NUMBER", "DECIMAL", "NUMERIC", "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"])
FLOAT_TYPES = frozenset({"FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL"})
OPERATORS = ("=", "<>", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class FunctionCall:
    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    operand: "Expression"
    type: str
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Logical:
    """AND or OR over two or more operands; `decisive` is the truth value that settles it."""

    decisive: bool
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: "Expression"
    right: "Expression"


Expression = Literal | FunctionCall | Cast | Not | Logical | Comparison


def parse_condition(text: str) -> Expression:
    """The tree of a WHEN expression. Raises SqlError for all but the few functions, operators and casts allowed."""
    reader = Reader.of(text)
    expression = _logical(reader)
    if not reader.at_end():
        raise run_errors.bad_condition()
    return expression


def calls(condition: str | None, function: str) -> bool:
    """Whether a WHEN expression calls a function."""
    return bool(_found(condition, function))


def arguments_of(condition: str | None, function: str) -> Sequence[str]:
    """The first argument of each call of a function in a WHEN expression."""
    return [call.arguments[0] for call in _found(condition, function)]


def _found(condition: str | None, function: str) -> Sequence[FunctionCall]:
    called = [] if condition is None else _called(parse_condition(condition))
    return [call for call in called if call.name == function]


def _called(expression: Expression) -> Sequence[FunctionCall]:
    match expression:
        case FunctionCall():
            return [expression]
        case Cast(operand) | Not(operand):
            return _called(operand)
        case Comparison(_, left, right):
            return [*_called(left), *_called(right)]
        case Logical(_, operands):
            return [call for operand in operands for call in _called(operand)]
    return []


def _logical(reader: Reader) -> Expression:
    return _chain(reader, "OR", decisive=True, operand=_conjunction)


def _conjunction(reader: Reader) -> Expression:
    return _chain(reader, "AND", decisive=False, operand=_negation)


def _chain(reader: Reader, word: str, *, decisive: bool, operand: Callable[[Reader], Expression]) -> Expression:
    operands = [operand(reader)]
    while reader.take(word):
        operands.append(operand(reader))
    return operands[0] if len(operands) == 1 else Logical(decisive, tuple(operands))


def _negation(reader: Reader) -> Expression:
    if not reader.take("NOT"):
        return _comparison(reader)
    with reader.nested():
        return Not(_negation(reader))


def _comparison(reader: Reader) -> Expression:
    left = _operand(reader)
    for operator in OPERATORS:
        if reader.take(operator):
            return Comparison(operator, left, _operand(reader))
    return left


def _operand(reader: Reader) -> Expression:
    expression = _primary(reader)
    while reader.take("::"):
        expression = _type(reader, expression)
    return expression


def _primary(reader: Reader) -> Expression:
    if reader.take("("):
        with reader.nested():
            expression = _logical(reader)
        reader.expect(")")
        return expression
    if reader.sees_string():
        return Literal(reader.string())
    if sees_number(reader):
        return Literal(Decimal(decimal(reader)))
    for word, value in {"TRUE": True, "FALSE": False, "NULL": None}.items():
        if reader.take(word):
            return Literal(value)
    if reader.take("CAST", "("):
        expression = _logical(reader)
        reader.expect("AS")
        expression = _type(reader, expression)
        reader.expect(")")
        return expression
    return _function(reader)


def _function(reader: Reader) -> FunctionCall:
    name = reader.word()
    if name not in FUNCTIONS or not reader.take(name, "("):
        raise run_errors.bad_condition()
    arguments = list_of(reader, Reader.string) if reader.sees_string() else ()
    if not reader.take(")") or len(arguments) not in FUNCTIONS[name]:
        raise run_errors.bad_condition()
    if name == PREDECESSORS_STATE and arguments[0].upper() not in CONDITIONS:
        raise run_errors.bad_predecessors_state(arguments[0])
    return FunctionCall(name, arguments)


def _type(reader: Reader, operand: Expression) -> Cast:
    kind = reader.word()
    if kind not in TEXT_TYPES | EXACT_TYPES | FLOAT_TYPES | {"BOOLEAN"}:
        raise run_errors.bad_condition()
    reader.take(kind)
    sizes: Sequence[int] = ()
    if reader.take("("):
        sizes = list_of(reader, Reader.number)
        reader.expect(")")
    return Cast(operand, kind, sizes[1] if len(sizes) > 1 else 0)
