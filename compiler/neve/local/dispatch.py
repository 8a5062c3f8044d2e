"""One statement to its handler: by leading words in ROUTES, or to the translation into DuckDB's SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from neve.local import context, databases, flow, functions, queries, refused, telemetry, transactions
from neve.local.access import routes as access
from neve.local.binding import put_in
from neve.local.dynamic import routes as dynamic
from neve.local.models import routes as models
from neve.local.procedures import routes as procedures
from neve.local.result import Result
from neve.local.show import routes as show
from neve.local.sqltext import Binds, Statement
from neve.local.stages import routes as stages
from neve.local.streams import routes as streams
from neve.local.tables import routes as tables
from neve.local.tasks import advance, clock
from neve.local.tasks import routes as tasks
from neve.local.tasks.arguments import counted

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class Route:
    """Statements that start with `words` (after CREATE, without OR REPLACE and the like) are `run`'s; the longest
    match wins. `raw`: the handler gets the text as sent, with binds and $variables not yet put in. `when`: only those.
    """

    words: tuple[str, ...]
    run: "Callable[[Session, Statement], Result]"
    raw: bool = False
    when: Callable[[Statement], bool] | None = None


Function: TypeAlias = Callable[..., Any]
TableFunction: TypeAlias = Callable[..., Result]

# What the areas add: statements; scalar functions; table functions by name (without INFORMATION_SCHEMA);
# tables of the store; what runs in the background.
ROUTES: tuple[Route, ...] = (
    *(
        Route(*route)
        for route in (
            *access.TAGGING,
            *context.ROUTES,
            *tables.ROUTES,
            *streams.ROUTES,
            *dynamic.ROUTES,
            *procedures.ROUTES,
            *tasks.ROUTES,
            *models.ROUTES,
            *stages.ROUTES,
            *show.ROUTES,
            *access.ROUTES,
            *transactions.ROUTES,
            *refused.ROUTES,
        )
    ),
)
FUNCTIONS: Mapping[str, Function] = counted(
    {
        **functions.FUNCTIONS,
        **telemetry.FUNCTIONS,
        **transactions.FUNCTIONS,
        **access.FUNCTIONS,
        **procedures.FUNCTIONS,
        **tasks.FUNCTIONS,
        **advance.FUNCTIONS,
        **streams.FUNCTIONS,
        **models.FUNCTIONS,
        **show.FUNCTIONS,
    }
)
TABLE_FUNCTIONS: Mapping[str, TableFunction] = {
    **functions.TABLE_FUNCTIONS,
    **queries.TABLE_FUNCTIONS,
    **tasks.TABLE_FUNCTIONS,
    **stages.TABLE_FUNCTIONS,
    **dynamic.TABLE_FUNCTIONS,
}
# Of INFORMATION_SCHEMA: called with the session and the database whose view it is.
VIEWS: Mapping[str, Callable[["Session", str], Result]] = {**show.VIEWS, **procedures.VIEWS, **stages.VIEWS}
SCHEMAS: tuple[str, ...] = (
    clock.SCHEMA,
    databases.SCHEMA,
    procedures.SCHEMA,
    tasks.SCHEMA,
    streams.SCHEMA,
    dynamic.SCHEMA,
    models.SCHEMA,
    stages.SCHEMA,
    access.SCHEMA,
)
SERVICES: Mapping[str, Callable[["Engine"], Any]] = {
    **procedures.SERVICES,
    "streams": streams.SERVICE,
    "dynamic": dynamic.SERVICE,
    "tasks": tasks.SERVICE,
}  # called when the engine opens; what it returns has close()
# Called after a schema is gone (a dropped database counts as all of its schemas), inside no transaction.
DROPPED_SCHEMA: tuple[Callable[["Engine", str, str], None], ...] = (
    procedures.DROPPED_SCHEMA,
    tasks.DROPPED_SCHEMA,
    streams.DROPPED_SCHEMA,
    dynamic.DROPPED_SCHEMA,
    models.DROPPED_SCHEMA,
    stages.DROPPED_SCHEMA,
)
# Called with schemas that are copied, by database and name, and those that the copies are in: refusals come first, then
# what views need.
CLONED_SCHEMAS: tuple[Callable[["Session", Mapping[tuple[str, str], tuple[str, str]]], None], ...] = (
    models.CLONED_SCHEMAS,
    dynamic.CLONED_SCHEMAS,
    procedures.CLONED_SCHEMAS,
    tables.CLONED_SCHEMAS,
    stages.CLONED_SCHEMAS,
    streams.CLONED_SCHEMAS,
    tasks.CLONED_SCHEMAS,
)
# Called with the id of a session that was closed.
CLOSED_SESSION: tuple[Callable[["Engine", int], None], ...] = (procedures.CLOSED_SESSION, stages.CLOSED_SESSION)


@cache
def _by_first_word() -> dict[str, tuple[Route, ...]]:
    routes: dict[str, list[Route]] = {}
    for route in ROUTES:
        routes.setdefault(route.words[0], []).append(route)
    return {word: tuple(sorted(some, key=lambda r: -len(r.words))) for word, some in routes.items()}


def route_of(statement: Statement) -> Route | None:
    words = statement.words
    if not words:
        return None
    routes = _by_first_word().get(words[0], ())
    return next((r for r in routes if statement.starts(*r.words) and (r.when is None or r.when(statement))), None)


def run(session: "Session", sql: str, binds: Binds) -> Result:
    """Runs one statement. Raises SqlError."""
    from neve.local.batches import is_batch, run_batch
    from neve.local.stages.reading import readable
    from neve.local.translate import run as translate

    if is_batch(binds):
        return run_batch(session, sql, tuple(binds))
    if flow.flows(sql):
        return flow.run(session, sql, binds)
    statement = Statement.of(sql, binds)
    route = route_of(statement)
    if route and route.raw:
        return route.run(session, statement)
    statement = put_in(session, statement)
    if called := functions.called(statement, FUNCTIONS):
        return functions.call(session, statement, called)
    if route:
        return route.run(session, statement)
    with readable(session, statement) as placed:
        return translate(session, placed)
