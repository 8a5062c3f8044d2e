"""Text to sqlglot's tree."""

import logging
import re
from typing import TYPE_CHECKING, cast

from neve.local.errors import SqlError, compilation_error, syntax_error, unsupported
from neve.local.models.aliases import write_out
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from sqlglot import exp


logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it warns of is refused by us, or done in our own way


def parse(text: str) -> "exp.Expr":
    """The tree of one statement. Raises SqlError 1003 for what cannot be parsed."""
    import sqlglot
    from sqlglot.errors import ParseError, TokenError

    try:
        tree = sqlglot.parse_one(write_out(text), read="snowflake")
    except ParseError as error:
        raise _placed(error) from error
    except TokenError as error:
        raise syntax_error(text, len(text), "<EOF>") from error
    except RecursionError as error:
        raise compilation_error("The statement is nested too deeply.") from error
    return tree


def parse_expression(text: str) -> "exp.Expr":
    """The tree of an expression of ours."""
    import sqlglot

    (parsed,) = sqlglot.parse_one(f"SELECT {text}", read="snowflake").expressions
    return cast("exp.Expr", parsed)


def _placed(error: Exception) -> SqlError:
    first = getattr(error, "errors", [{}])[0]
    line, column, highlight = first.get("line"), first.get("col"), first.get("highlight") or "<EOF>"
    if not line:
        return compilation_error(re.sub(r"\x1b\[\d+m", "", str(error)).split("\n")[0])
    column = max((column or 0) - len(highlight), 0)
    return compilation_error(f"syntax error line {line} at position {column} unexpected '{highlight}'.")


def unparsed(statement: Statement) -> SqlError:
    """A statement that neither a route nor the parser knows."""
    return unsupported(f"The statement '{' '.join(statement.text.split()[:3])} …'")
