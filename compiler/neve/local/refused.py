"""Statements that other rules would misread: refused by their own words."""

from typing import TYPE_CHECKING

from neve.local.errors import unsupported
from neve.local.result import Result
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session


def refuse(_session: "Session", statement: Statement) -> Result:
    of_three = statement.words[1] in _OF_THREE or statement.words[1:3] == ("DATABASE", "ROLE")
    raise unsupported(" ".join(statement.words[: 3 if of_three else 2]))


_OF_THREE = frozenset({"DBT", "EXTERNAL", "HYBRID", "ICEBERG", "MATERIALIZED", "MASKING", "ROW"})


ROUTES = tuple(
    (words, refuse, True)
    for words in (
        *((verb, "PIPE") for verb in ("CREATE", "ALTER", "DROP", "DESCRIBE", "DESC")),
        ("CREATE", "ALERT"),
        ("CREATE", "STREAMLIT"),
        *((verb, "USER") for verb in ("DESCRIBE", "DESC")),
        *((verb, "DATABASE", "ROLE") for verb in ("CREATE", "ALTER", "DROP")),
        *(("CREATE", kind) for kind in sorted(_OF_THREE)),
        *((verb, "DBT") for verb in ("CREATE", "ALTER", "DROP")),
        ("EXECUTE", "ALERT"),
        ("EXECUTE", "DBT"),
        ("EXECUTE", "NOTEBOOK"),
    )
)
