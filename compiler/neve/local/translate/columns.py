"""Names of result columns: an expression without an alias is named by its own text in upper case."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from neve.local.sqltext import Statement, plain_text

if TYPE_CHECKING:
    from sqlglot import exp


def name_columns(tree: "exp.Expr", statement: Statement) -> None:
    """Gives every unnamed projection its alias; to be run on the tree as parsed. The outermost query's are named by
    the text as written, inner ones by the text as generated.
    """
    from sqlglot import exp

    outer = _outer_select(tree)
    for select in tree.find_all(exp.Select):
        texts = _written(statement.written or statement) if select is outer else None
        if texts is None or len(texts) != len(select.expressions):
            texts = [""] * len(select.expressions)
        for projection, text in zip(list(select.expressions), texts, strict=True):
            if isinstance(projection, exp.Column) and projection.name.upper() in {"NEXTVAL", "LEVEL"}:
                _name(projection, projection.name.upper())
            elif isinstance(projection, exp.Column) and isinstance(projection.this, exp.Parameter):
                _name(projection, f"${projection.this.name}")
            elif not is_named(projection):
                _name(projection, (text or projection.sql(dialect="snowflake")).upper())


def _name(projection: "exp.Expr", name: str) -> None:
    from sqlglot import exp

    alias = exp.Alias(alias=exp.to_identifier(name, quoted=True))
    projection.replace(alias)
    alias.set("this", projection)


def is_named(projection: "exp.Expr") -> bool:
    """Whether it has a name by itself, or an alias."""
    from sqlglot import exp

    return isinstance(projection, exp.Alias | exp.Aliases | exp.Column | exp.Star) or projection.is_star


def _outer_select(tree: "exp.Expr") -> "exp.Expr | None":
    from sqlglot import exp

    query = tree.expression if isinstance(tree, exp.Create) else tree
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return query if isinstance(query, exp.Select) else None


def _written(statement: Statement) -> list[str] | None:
    """The texts of the outermost SELECT's projections."""
    words = [plain_text(token).upper() for token in statement.tokens]
    depths = list(_depths(words))
    first = next((i for i, word in enumerate(words) if word == "SELECT" and depths[i] == 0), None)
    if first is None:
        return None
    first += 1
    while first < len(words) and words[first] in {"DISTINCT", "ALL"}:
        first += 1
    return list(_pieces(statement, words, depths, first))


def _depths(words: Sequence[str]) -> Iterator[int]:
    depth = 0
    for word in words:
        depth -= word in {")", "]", "}"}
        yield depth
        depth += word in {"(", "[", "{"}


_ENDS = frozenset(
    [
        "FROM",
        "WHERE",
        "GROUP",
        "HAVING",
        "QUALIFY",
        "ORDER",
        "LIMIT",
        "UNION",
        "EXCEPT",
        "MINUS",
        "INTERSECT",
        "OFFSET",
        "FETCH",
        "INTO",
    ]
)


def _pieces(statement: Statement, words: Sequence[str], depths: Sequence[int], start: int) -> Iterator[str]:
    for index in range(start, len(words)):
        ends = words[index] in _ENDS and words[index - 1] not in {"WITHIN", ".", "DISTINCT"}
        if depths[index] == 0 and (words[index] == "," or ends):
            if index > start:
                yield statement.slice(start, index - 1)
            start = index + 1
            if words[index] != ",":
                return
    if start < len(words):
        yield statement.slice(start)
