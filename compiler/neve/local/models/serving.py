"""A model's method as a function of DuckDB, which asks the child that has it loaded."""

from typing import TYPE_CHECKING

from neve.local.models import handler
from neve.local.models.catalog import Version
from neve.local.models.package import Method
from neve.local.types import parse_type, to_duck

if TYPE_CHECKING:
    from neve.local.engine import Engine


def function(engine: "Engine", version: Version, method: Method) -> str:
    """The name of the DuckDB function, made at its first use, that gives a method's result as text."""
    name = f"model_{version.folder.name}_{method.name.encode().hex()}"
    job = {"folder": str(version.folder), "handler": method.handler, "returns": parse_type(method.returns).kind}
    types = [to_duck(parse_type(kind)) for _, kind in method.inputs]
    engine.services["functions"].register(name, handler.__name__, job, types)
    return name
