"""User-defined functions in a query: one in SQL is put in place, one in Python becomes a function of DuckDB."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, unsupported
from neve.local.procedures import catalog
from neve.local.procedures.catalog import Stored
from neve.local.procedures.python_udfs import aggregate, cast, of_python
from neve.local.sqltext import resolve
from neve.local.translate import names
from neve.local.types import parse_type

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_DEEPEST = 20


def call_functions(session: "Session", tree: "exp.Expr", depth: int = 0) -> "exp.Expr":
    """The tree with its calls of user-defined functions replaced. Raises SqlError for arguments that do not fit."""
    from sqlglot import exp

    from neve.local.procedures.table_functions import call_table_functions

    if not catalog.has_routines(session):
        return tree
    call_table_functions(session, tree, depth)
    for node in list(tree.find_all(exp.Anonymous)):
        if stored := choose(session, parts_of(node), _undoubled(node)):
            if depth > _DEEPEST:
                raise compilation_error(f"function {stored.name} calls itself.")
            given = arguments(stored, _undoubled(node))
            if stored.routine.aggregate:
                aggregate(session, stored, whole(node), given, distinct=bool(node.find(exp.Distinct)))
            else:
                whole(node).replace(exp.Paren(this=_value(session, stored, given, depth)))
    return tree


def _undoubled(node: "exp.Anonymous") -> "list[exp.Expr]":
    """The arguments, those of `f(DISTINCT …)` too."""
    from sqlglot import exp

    first = node.expressions[0] if node.expressions else None
    return list(first.expressions) if isinstance(first, exp.Distinct) else node.expressions


def whole(node: "exp.Anonymous") -> "exp.Expr":
    """The whole of `a.b.f(…)`."""
    from sqlglot import exp

    found: exp.Expr = node
    while isinstance(found.parent, exp.Dot) and found.parent.expression is found:
        found = found.parent
    return found


def parts_of(node: "exp.Anonymous") -> tuple[str, ...]:
    """The parts of the function's name, as stored."""
    from sqlglot import exp

    parts = [names.stored(node.this) if isinstance(node.this, exp.Identifier) else str(node.this).upper()]
    before = node.parent.this if isinstance(node.parent, exp.Dot) and node.parent.expression is node else None
    while isinstance(before, exp.Dot | exp.Identifier):
        parts.append(names.stored(before.expression if isinstance(before, exp.Dot) else before))
        before = before.this if isinstance(before, exp.Dot) else None
    return tuple(reversed(parts))


def choose(session: "Session", parts: Sequence[str], given: "Sequence[exp.Expr]") -> Stored | None:
    """The function of that name which takes so many arguments; None when there is no function of the name."""
    if len(parts) == 1 and not (session.database and session.schema):
        return None
    name = resolve(session, parts)
    known = catalog.overloads(session, "FUNCTION", name)
    fits = [stored for stored in known if _takes(stored, len(given))]
    if known and not fits:
        forms = ", ".join(f"{name.name}{stored.signature}" for stored in known)
        raise compilation_error(f"the arguments of function {name} do not fit its parameters: {forms}.", 1044, "42P13")
    if len(fits) > 1:
        fits = [stored for stored in fits if _of_types(stored, given)]
    if known and len(fits) != 1:
        raise unsupported(f"Telling overloads of function {name} apart by the types of these arguments")
    return fits[0] if fits else None


def _of_types(stored: Stored, given: "Sequence[exp.Expr]") -> bool:
    """Whether arguments whose types can be seen, which are literals and casts, have those of the parameters."""
    return all(
        _seen(node) == parameter.type.kind for node, parameter in zip(given, stored.routine.parameters, strict=False)
    )


def _seen(node: "exp.Expr") -> str:
    from sqlglot import exp

    if isinstance(node, exp.Cast):
        return parse_type(node.to.sql(dialect="snowflake")).kind
    if isinstance(node, exp.Boolean):
        return "BOOLEAN"
    if isinstance(node, exp.Literal | exp.Neg):
        return "TEXT" if node.is_string else "FIXED"
    return ""


def _takes(stored: Stored, count: int) -> bool:
    parameters = stored.routine.parameters
    return sum(parameter.default is None for parameter in parameters) <= count <= len(parameters)


def arguments(stored: Stored, given: "Sequence[exp.Expr]") -> "list[exp.Expr]":
    """One expression a parameter, of its type."""
    from sqlglot import exp

    from neve.local.translate.parse import parse_expression

    named = {node.this.name.upper(): node.expression for node in given if isinstance(node, exp.Kwarg)}
    placed = [node for node in given if not isinstance(node, exp.Kwarg)]
    found = []
    for index, parameter in enumerate(stored.routine.parameters):
        node = placed[index] if index < len(placed) else named.get(parameter.name)
        if node is None and parameter.default is not None:
            node = parse_expression(parameter.default)
        if node is None:
            raise compilation_error(f"function {stored.name}: no argument for {parameter.name}.", 1044, "42P13")
        found.append(cast(node.copy(), parameter.type))
    return found


def _value(session: "Session", stored: Stored, given: "list[exp.Expr]", depth: int) -> "exp.Expr":
    routine = stored.routine
    if routine.returns is None:
        raise compilation_error(f"{stored.name.name} gives a table: it stands in TABLE(…).", 2140, "42601")
    if routine.language == "SQL":
        return cast(_inlined(session, stored, given, depth), routine.returns)
    return of_python(session, stored, given, routine.returns)


# In SQL -----------------------------------------------------------------------------------------------
def _inlined(session: "Session", stored: Stored, given: "list[exp.Expr]", depth: int) -> "exp.Expr":
    """The body with the arguments for its parameters, and its tables' names in full."""
    from neve.local.translate.parse import parse

    tree = _filled(session, stored, given, parse(f"SELECT ({_body(stored)})"), depth)
    value = tree.expressions[0].copy()
    return _apart(value, _by_name(stored, given)) if _reads(tree, given) else value


def inlined_query(session: "Session", stored: Stored, given: "list[exp.Expr]", depth: int) -> "exp.Expr":
    """The body, which is a query, with the arguments for its parameters."""
    from sqlglot import exp

    from neve.local.translate.parse import parse

    tree = _filled(session, stored, given, parse(_body(stored)), depth)
    if not given:
        return tree
    inner = exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("query", quoted=True)))
    source = _given(_by_name(stored, given))
    star = exp.Column(this=exp.Star(), table=exp.to_identifier("query", quoted=True))
    joined = exp.Select(expressions=[star], from_=exp.From(this=source))
    joined.set("joins", [exp.Join(this=inner)])
    return joined


def _body(stored: Stored) -> str:
    return (stored.routine.body or "").strip().rstrip(";")


def _by_name(stored: Stored, given: "list[exp.Expr]") -> "dict[str, exp.Expr]":
    return {p.name: value for p, value in zip(stored.routine.parameters, given, strict=True)}


def _reads(tree: "exp.Expr", given: "list[exp.Expr]") -> bool:
    from sqlglot import exp

    return tree.find(exp.From) is not None and bool(given)


def _filled(session: "Session", stored: Stored, given: "list[exp.Expr]", tree: "exp.Expr", depth: int) -> "exp.Expr":
    """The body's tree with its parameters replaced: by values, or in a body that reads tables by their hidden names,
    but for arguments of table functions, which are evaluated beforehand.
    """
    from sqlglot import exp

    values = _by_name(stored, given)
    queries = stored.routine.returns is None or _reads(tree, given)
    for column in list(tree.find_all(exp.Column)):
        if not column.table and (value := values.get(name := names.stored(column.this))) is not None:
            above = column.find_ancestor(exp.TableFromRows, exp.Select)
            hidden = queries and not isinstance(above, exp.TableFromRows)
            column.replace(exp.column(_hidden(name), quoted=True) if hidden else value.copy())
    names.complete(tree, *stored.name[:2])
    names.complete_calls(session, tree, *stored.name[:2])
    return call_functions(session, tree, depth + 1)


def _hidden(name: str) -> str:
    return f"argument {name}"


def _apart(value: "exp.Expr", values: "Mapping[str, exp.Expr]") -> "exp.Expr":
    """A body with a query of its own: the arguments are evaluated outside it, where its tables' columns are unknown."""
    from sqlglot import exp

    return exp.Subquery(this=exp.Select(expressions=[value], from_=exp.From(this=_given(values))))


def _given(values: "Mapping[str, exp.Expr]") -> "exp.Subquery":
    from sqlglot import exp

    given = exp.Select(expressions=[exp.alias_(node, _hidden(name), quoted=True) for name, node in values.items()])
    return exp.Subquery(this=given, alias=exp.TableAlias(this=exp.to_identifier("arguments", quoted=True)))
