"""Text to sqlglot's tree."""

import logging
import re
from typing import TYPE_CHECKING, cast

from neve.local.errors import SqlError, compilation_error, line_and_position, syntax_error, unsupported
from neve.local.models.aliases import write_out
from neve.local.sqltext import Statement, is_word

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
        raise _placed(error, Statement.of(text)) from error
    except TokenError as error:
        raise syntax_error(text, len(text), "<EOF>") from error
    except RecursionError as error:
        raise compilation_error("The statement is nested too deeply.") from error
    except (IndexError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise compilation_error("The statement cannot be parsed.") from error  # sqlglot's builders on odd arguments
    _name_trunc(tree)
    return tree


def _name_trunc(tree: "exp.Expr") -> None:
    """TRUNC to a number of digits that a column tells: sqlglot leaves open what is cut."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.Anonymous)):
        if str(node.this).upper() == "TRUNC" and len(node.expressions) == 2 and node.parent is not None:
            number, digits = node.expressions
            node.replace(exp.Trunc(this=number, decimals=digits))


def parse_expression(text: str) -> "exp.Expr":
    """The tree of an expression of ours."""
    import sqlglot

    (parsed,) = sqlglot.parse_one(f"SELECT {text}", read="snowflake").expressions
    return cast("exp.Expr", parsed)


def _placed(error: Exception, statement: Statement) -> SqlError:
    """A parser's complaint, in Snowflake's words."""
    first = (getattr(error, "errors", None) or [{}])[0]
    line, column, highlight = first.get("line"), first.get("col"), first.get("highlight") or "<EOF>"
    said = str(first.get("description"))
    if not line:
        return compilation_error(re.sub(r"\x1b\[\d+m", "", str(error)).split("\n")[0])
    if said in {"Expected type", "Expected TYPE after CAST"}:
        return compilation_error(f"Unsupported data type '{highlight.upper()}'.", 2040, "22000")
    if counted := _arguments(said, statement, first["start_context"]):
        return counted
    tokens = statement.tokens
    if _ENDS.match(said) and not first.get("end_context") and highlight == tokens[-1].text:
        return syntax_error(statement.text, len(statement.text), "<EOF>")
    if tokens[0].token_type.name == "VAR":
        return syntax_error(statement.text, tokens[0].start, tokens[0].text)
    column = max((column or 0) - len(highlight), 0)
    return compilation_error(f"syntax error line {line} at position {column} unexpected '{highlight}'.")


_ENDS = re.compile(
    r"Expecting|Expected table name but got <Token token_type: TokenType.SENTINEL"
    r"|Required keyword: 'this' missing for <class '\S+\.query\."
)
_TOO_MANY = re.compile(r"The number of provided arguments \((\d+)\) is greater than .*\((\d+)\)")
_TOO_FEW = re.compile(r"Required keyword: '\w+' missing for <class '\S+\.(\w+)'>")


def _arguments(said: str, statement: Statement, before: str) -> SqlError | None:
    """Too many or too few arguments of a function, whose closing parenthesis stands after `before`."""
    from sqlglot import exp

    many, few = _TOO_MANY.match(said), _TOO_FEW.match(said)
    close = next((i for i, token in enumerate(statement.tokens) if token.start >= len(before)), None)
    opened = _opening(statement, close) if close is not None and statement.tokens[close].text == ")" else None
    if not (many or few) or not opened:
        return None
    text = re.sub(
        r"'[^']*'|[^']+", lambda m: m[0] if m[0][0] == "'" else m[0].upper(), statement.slice(opened - 1, close)
    )
    line, position = line_and_position(statement.text, statement.tokens[opened - 1].start)
    place = f"error line {line} at position {position}\n"
    if many:
        message = f"{place}too many arguments for function [{text}] expected {many[2]}, got {many[1]}"
        return compilation_error(message, 939, "22023")
    kind = getattr(exp, few[1], None) if few else None
    wanted = sum(kind.arg_types.values()) + (kind.__name__ in _WITH_UNIT) if kind else 1
    message = (
        f"{place}not enough arguments for function [{text}], expected {wanted}, got {_given(statement, opened, close)}"
    )
    return compilation_error(message, 938, "22023")


_WITH_UNIT = frozenset({"DateAdd", "DateDiff", "TimestampTrunc", "DateTrunc"})


def _opening(statement: Statement, close: "int | None") -> int | None:
    """The token that opens the parenthesis which `close` closes, when a word stands before it."""
    depth = 0
    for index in range(close or 0, 0, -1):
        depth += {")": 1, "(": -1}.get(statement.tokens[index].text, 0)
        if depth == 0:
            return index if is_word(statement.tokens[index - 1]) else None
    return None


def _given(statement: Statement, opened: int, close: "int | None") -> int:
    words = [token.text for token in statement.tokens[opened + 1 : close]]
    depth, commas = 0, 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        commas += word == "," and depth == 0
    return commas + bool(words)


def unparsed(statement: Statement) -> SqlError:
    """A statement that neither a route nor the parser knows: by its first words, without OR REPLACE and the like."""
    if statement.words[:1] == ("END",):  # what is left of a block that a client cut at its semicolons
        return syntax_error(statement.text, statement.tokens[0].start, statement.tokens[0].text)
    return unsupported(" ".join(statement.words[: 3 if statement.words[:1] == ("CREATE",) else 2]) or "This statement")
