"""CREATE VIEW."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, compilation_error, syntax_error, unsupported
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.stages.reading import reads_files
from neve.local.tables.create import alters, plain_tree, wanted
from neve.local.tables.facts import write_column, write_table
from neve.local.tables.heads import Query, column_names, fill_all, named_query
from neve.local.tables.names import Place, find, quoted
from neve.local.transactions import all_or_nothing
from neve.local.translate.columns import name_columns
from neve.local.translate.live import FACT, columns_of, is_live
from neve.local.translate.names import complete, complete_calls, stored
from neve.local.translate.places import placing
from neve.local.translate.query import translated

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def create_view(session: "Session", statement: Statement) -> Result:
    """[OR REPLACE] VIEW [IF NOT EXISTS] v [(columns)] [COMMENT = …] AS query. Raises SqlError 2002."""
    tree = _tree(statement)
    ask = wanted(tree)
    found = find(session, ask.parts)
    if found.kind:
        if ask.tolerant:
            return r.status(f"{found.name.name} already exists, statement succeeded.")
        if alters(statement) and found.kind != "VIEW":
            raise compilation_error(f"Object '{found.name.name}' already exists as {found.kind}", 2002, "42710")
        if not ask.replace or found.kind != "VIEW":
            raise already_exists(found.name.name)
    place = Place(found.name, found.name, "VIEW")
    complete(tree.expression, *found.name[:2])
    complete_calls(session, tree.expression, *found.name[:2])
    columns = _columns(tree)
    with session.lock, session.registrations(), placing(statement), all_or_nothing(session):
        query = _query(session, statement, tree, len(columns))
        names = list(columns) or column_names(session, query.sql)
        live = is_live(session, tree.expression)
        body = columns_of(session, query.sql) if live else query.sql
        session.fetch(f"CREATE OR REPLACE VIEW {place.sql} ({', '.join(map(quoted, names))}) AS {body}")
        query.declare(session, place)
        write_table(session, place, ask.facts | {"text": statement.text, FACT: live or None})
        session.engine.live_views = session.engine.live_views or live
        for column, comment in columns.items():
            if comment:
                write_column(session, place, column, {"comment": comment})
    return r.status(f"View {place.name.name} successfully created.")


def _tree(statement: Statement) -> "exp.Expr":
    """Raises SqlError for views that the engine does not have."""
    if reads_files(statement):
        raise unsupported("A view of files in a stage")
    tree = plain_tree(statement)
    if tree.args["kind"] != "VIEW":
        raise unsupported(f"CREATE {tree.args['kind']}")
    if tree.expression is None:
        raise syntax_error(statement.text, len(statement.text), "<EOF>")
    return tree


def _query(session: "Session", statement: Statement, tree: "exp.Expr", named: int) -> Query:
    if not named:
        return named_query(session, statement, tree)
    name_columns(tree, statement)
    query = translated(session, tree.expression.copy())
    fill_all(session, query, named)
    return Query(query, {})


def _columns(tree: "exp.Expr") -> dict[str, str | None]:
    """The names that the view gives its columns, with their comments; empty when it gives none."""
    if tree.this.key != "schema":
        return {}
    return dict(_column(node) for node in tree.this.expressions)


def _column(node: "exp.Expr") -> tuple[str, str | None]:
    identifier = node if node.key == "identifier" else node.this
    comment = next(
        (c.kind.this.name for c in node.args.get("constraints") or () if c.kind.key.startswith("comment")), None
    )
    return stored(identifier), comment


ROUTES = ((("CREATE", "VIEW"), create_view),)
