"""Integrations: recorded and shown. What notification integrations would be sent goes to a file of the engine's."""

from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.access import catalog, ddl
from neve.local.access.catalog import Named
from neve.local.errors import not_exist
from neve.local.hidden import MASK, is_secret
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

KIND = "INTEGRATION"
CATEGORIES = ("NOTIFICATION", "API")
_COLUMNS = ("name", "type", "category", "enabled", "comment", "created_on")


def show(session: "Session", statement: Statement) -> Result:
    """SHOW [category] INTEGRATIONS"""
    category = statement.words[1] if statement.words[1] in CATEGORIES else ""
    request = read(session, statement, *([category] if category else []), "INTEGRATIONS")
    rows = map(_row, catalog.named(session, KIND))
    return answer(request, _COLUMNS, [row for row in rows if category in {"", row["category"]}])


def _row(one: Named) -> dict[str, Any]:
    told = one.properties
    return {
        "name": one.name,
        "type": told.get("TYPE", "").upper(),
        "category": told["CATEGORY"],
        "enabled": told.get("ENABLED", "false").lower(),
        "comment": told.get("COMMENT"),
        "created_on": one.created_on,
    }


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE [category] INTEGRATION name: rows of property, type, value and default."""
    reader = Reader.over(statement)
    reader.token()
    reader.take_any(*CATEGORIES)
    reader.expect(KIND)
    name = reader.name()
    known = catalog.find(session, KIND, name)
    if known is None:
        raise not_exist("Integration", name)
    columns = [Column(f"property{part}") for part in ("", "_type", "_value", "_default")]
    hidden = {"CATEGORY", "TYPE"}
    shown = {key: MASK if is_secret(key) else value for key, value in known.properties.items() if key not in hidden}
    return from_rows(columns, [(key, "String", value, "") for key, value in shown.items()])


ROUTES = (
    *((("CREATE", category, KIND), partial(ddl.create, KIND, facts={"CATEGORY": category})) for category in CATEGORIES),
    *(
        ((verb, *words, KIND), partial(run, KIND))
        for verb, run in (("ALTER", ddl.alter), ("DROP", ddl.drop))
        for words in ((), *((category,) for category in CATEGORIES))
    ),
    *(
        ((verb, *words, KIND), describe)
        for verb in ("DESCRIBE", "DESC")
        for words in ((), *((category,) for category in CATEGORIES))
    ),
    (("SHOW", "INTEGRATIONS"), show),
    *((("SHOW", category, "INTEGRATIONS"), show) for category in CATEGORIES),
)
