"""`MODEL(m, v)!METHOD(…)` in a query: the call becomes one of a DuckDB function that runs the model."""

from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, unknown_function, unsupported
from neve.local.models import catalog, package, serving
from neve.local.models.catalog import Model, Version
from neve.local.sqltext import resolve
from neve.local.translate.names import stored
from neve.local.types import parse_type

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def call_models(session: "Session", tree: "exp.Expr") -> "exp.Expr":
    """The tree with its calls of models' methods replaced. Raises SqlError for a model, version or method unknown."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.ModelAttribute)):
        node.replace(_call(session, node))
    return tree


def _call(session: "Session", node: "exp.ModelAttribute") -> "exp.Expression":
    from sqlglot import exp

    model, version = _version(session, node.this)
    called = node.expression
    name = stored(called.this) if isinstance(called.this, exp.Identifier) else str(called.this).upper()
    method = package.kept(version.folder).method(name)
    if method is None:
        raise unknown_function(f"{model.name}!{name}")
    if method.is_table:
        raise unsupported(f"The table function {name} of a model")
    if len(called.expressions) != len(method.inputs):
        raise compilation_error(
            f"{name} of model {model.name} takes {len(method.inputs)} arguments, not {len(called.expressions)}."
        )
    function = serving.function(session.engine, version, method)
    result = exp.Anonymous(this=function, expressions=called.expressions)
    result.meta["placed"] = True  # DuckDB's own name by now
    if parse_type(method.returns).kind in {"OBJECT", "VARIANT", "ARRAY"}:
        return exp.ParseJSON(this=result)
    return exp.cast(result, method.returns, dialect="snowflake")


def _version(session: "Session", named: "exp.Expression") -> tuple[Model, Version]:
    """What `MODEL(name[, version])` or a bare model's name means."""
    from sqlglot import exp

    name, *version = named.expressions if isinstance(named, exp.Anonymous) else [named]
    parts = [stored(part) for part in name.find_all(exp.Identifier, bfs=False)]
    if not parts:
        raise compilation_error(f"'{name.sql(dialect='snowflake')}' is no model.")
    model = catalog.get(session.engine, resolve(session, parts))
    return model, model.version(stored(version[0])) if version else model.default
