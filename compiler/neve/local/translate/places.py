"""Where in a statement a name stands that an error is about, and what it says there."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error, line_and_position
from neve.local.sqltext import Statement, Token, identifier_of, is_word

if TYPE_CHECKING:
    from sqlglot import exp

_INVALID = re.compile(r"invalid identifier '(.*)'$", re.DOTALL)
_UNGROUPED = re.compile(r"\[(.*)\] is not a valid group by expression$", re.DOTALL)


@contextmanager
def placing(statement: Statement) -> Iterator[None]:
    """Errors from inside say where in the statement they are."""
    try:
        yield
    except SqlError as error:
        raise placed(error, statement) from error


def placed(error: SqlError, statement: Statement, tree: "exp.Expr | None" = None) -> SqlError:
    """The error as Snowflake words it: with line, position, and the name as it is written."""
    if error.code == 904 and (found := _INVALID.search(error.message)):
        return _at(statement, found[1])
    if error.code == 979 and tree is not None and (found := _UNGROUPED.search(error.message)):
        return compilation_error(f"[{_qualified(tree, found[1])}] is not a valid group by expression", 979, "42601")
    return error


def _at(statement: Statement, name: str) -> SqlError:
    wanted, tokens = name.rpartition(".")[2].strip('"').upper(), statement.tokens
    runs = list(_names(tokens))
    words = [[identifier_of(token).upper() for token in run] for run in runs]
    found = next((run for run, word in zip(runs, words, strict=True) if word[-1] == wanted), None)
    found = found or next((run for run, word in zip(runs, words, strict=True) if wanted in word[:-1]), None)
    if found is None:
        return _invalid(name, 1, 0)
    line, position = line_and_position(statement.text, found[0].start)
    return _invalid(".".join(map(_shown, found)), line, position)


def _names(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The dotted names of the statement, without those of functions."""
    run: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if is_word(token):
            run.append(token)
        if following == "." or (token.text == "." and run):
            continue
        if run and following != "(":
            yield run
        run = []


def _shown(token: Token) -> str:
    return f'"{token.text}"' if token.token_type.name == "IDENTIFIER" else str(token.text).upper()


def _invalid(name: str, line: int, position: int) -> SqlError:
    return compilation_error(f"error line {line} at position {position}\ninvalid identifier '{name}'", 904)


def _qualified(tree: "exp.Expr", name: str) -> str:
    """The column with its table's name, when there is only one that it can be of."""
    from sqlglot import exp

    for select in tree.find_all(exp.Select):
        columns = [column for column in select.find_all(exp.Column) if column.name == name]
        start = select.args.get("from_")
        if not columns or start is None:
            continue
        table = columns[0].table or ("" if select.args.get("joins") else start.this.alias_or_name)
        return f"{table}.{name}" if table else name
    return name
