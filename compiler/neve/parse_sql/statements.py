"""From a body's tokens to what each of its statements says: tables, calls, SQL inside of strings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from neve.ir import Access, Reference, Scope, Statement
from neve.names import HOLE, fold
from neve.parse_sql.dialect import (
    Token,
    Unreadable,
    is_semicolon,
    is_string,
    next_semicolon,
    parse,
    select_token,
    tokenize,
    word,
)
from neve.parse_sql.executed import Known, executed, known_of, with_names
from neve.parse_sql.scripting import Piece, read_block, starts_block

_QUERY = {"SELECT", "WITH", "(", "VALUES", "FROM"}
_TREE = {*_QUERY, "INSERT", "MERGE", "UPDATE", "DELETE", "TRUNCATE", "COPY"}
_MODIFIERS = {
    *("OR", "REPLACE", "ALTER", "TRANSIENT", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "VOLATILE", "SECURE", "RECURSIVE"),
    *("MATERIALIZED", "DYNAMIC", "HYBRID", "ICEBERG", "EXTERNAL", "EVENT"),
}
_OTHERS = {
    *(
        "ALTER",
        "BEGIN",
        "COMMENT",
        "COMMIT",
        "DESC",
        "DESCRIBE",
        "DROP",
        "EXPLAIN",
        "GET",
        "GRANT",
        "LIST",
        "LS",
        "PUT",
    ),
    *("REMOVE", "REVOKE", "RM", "ROLLBACK", "SET", "SHOW", "START", "UNDROP", "UNSET", "USE", "WITH"),
}
_TEMPORARY = {"TEMP", "TEMPORARY", "VOLATILE"}


@dataclass(frozen=True, slots=True)
class Call:
    """A procedure that is called."""

    name: Reference


@dataclass(frozen=True, slots=True)
class Temporary:
    """A table that lives only as long as the body runs."""

    name: str


@dataclass(frozen=True, slots=True)
class Selects:
    """The SELECTs of a statement; `result` is its own."""

    scopes: list[Scope]
    result: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A statement that is put together in the run, at a place of the text: not all that it does can be told."""

    start: int
    end: int


Found = Reference | Call | Temporary | Selects | Unknown | Unreadable


@dataclass(frozen=True, slots=True)
class Body:
    """A text whose statements are read, and what is known of the variables of a block in it."""

    text: str
    known: Known = field(default_factory=dict)


def split(tokens: Sequence[Token]) -> Iterator[tuple[int, int, bool]]:
    """The statements, without semicolons: index of the first token, index after the last, whether it is a block."""
    at = 0
    while at < len(tokens):
        if is_semicolon(tokens[at]):
            at += 1
            continue
        end = _end(tokens, at)
        yield at, end, starts_block(tokens, at)
        at = end


def place_of(tokens: Sequence[Token], scripting: bool) -> Statement:  # noqa: FBT001  a fact, not a switch
    return Statement(tokens[0].start, tokens[-1].end + 1, scripting)


def read_statement(tokens: Sequence[Token], text: str, *, block: bool) -> Iterator[Found]:
    """What one statement of `text` does."""
    if block:
        pieces, _ = read_block(tokens, 0)
        body = Body(text, known_of(pieces, tokens))
        found = (one for piece in pieces for one in _read_piece(piece, body))
        yield from (one for one in found if not isinstance(one, Selects))
    else:
        yield from _read_plain(tokens, Body(text))


def _end(tokens: Sequence[Token], at: int) -> int:
    if starts_block(tokens, at):
        return read_block(tokens, at)[1]
    end = next_semicolon(tokens, at)
    if word(tokens[at]) == "CREATE":
        for body in range(at + 1, end):
            if word(tokens[body - 1]) == "AS" and starts_block(tokens, body):
                return read_block(tokens, body)[1]
    return end


def _read_piece(piece: Piece, body: Body) -> Iterator[Found]:
    tokens = _without_into(piece.tokens)
    while piece.expression and len(tokens) > 1 and (word(tokens[0]), word(tokens[1])) == ("(", "CALL"):
        tokens = tokens[1:-1]
    try:
        if not piece.expression or (tokens and word(tokens[0]) in {"CALL", "EXECUTE"}):
            yield from _read_plain(tokens, body)
        elif tokens and word(tokens[0]) in {"SELECT", "WITH"}:
            yield from _tree(tokens, body)
        else:
            yield from _expression(tokens, body)
    except Unreadable as problem:
        yield problem


def _read_plain(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    for part in _piped(tokens) if "->>" in body.text else [tokens]:
        yield from _read_one(part, body)


def _piped(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The statements of `show tasks ->> select * from $1`."""
    start = 0
    for at, token in enumerate(tokens):
        if token.text == "->>" and word(token):
            yield tokens[start:at]
            start = at + 1
    yield tokens[start:]


def _read_one(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    first = word(tokens[0]) if tokens else ""
    if first == "WITH" and len(tokens) > 3 and word(tokens[3]) == "PROCEDURE":
        yield from _procedure(tokens, body)
    elif first in _TREE:
        yield from _tree(tokens, body)
    elif first == "CALL":
        yield from _call(tokens, body)
    elif first == "EXECUTE":
        yield from _execute(tokens, body)
    elif first == "SET":
        yield from _expression([*_after("=", tokens)], body)
    elif first == "CREATE":
        yield from _create(tokens, body)
    elif first in {"DROP", "ALTER"} and _kind(tokens) in {"TABLE", "VIEW"}:
        yield from _tree(tokens, body)
    elif tokens and first not in _OTHERS:
        yield Unreadable(f"`{tokens[0].text}` begins no statement", tokens[0].start, tokens[0].end + 1)


def _tree(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    from neve.parse_sql.scopes import scopes
    from neve.parse_sql.tables import references
    from neve.parse_sql.tree import dissolve

    overwrite = len(tokens) > 1 and word(tokens[1]) == "OVERWRITE"
    named = list(with_names(tokens, body.text, body.known)) if body.known else tokens
    tree = parse(named, body.text)
    try:
        selects = Selects(*scopes(tree))
    except RecursionError:
        raise Unreadable("This is nested too deeply", tokens[0].start, tokens[-1].end + 1) from None
    kept = [word(token) for token in tokens[:3]] == ["CREATE", "OR", "ALTER"]
    named_tables = list(references(tree, body.text, overwrite=overwrite))
    dissolve(tree)
    for found in named_tables:
        yield replace(found, access="create") if kept and found.access == "replace" else found
    yield selects


def _without_into(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without the INTO :a, :b of a SELECT in a block, which the parser does not know."""
    words = [word(token) for token in tokens]
    for at, found in enumerate(words):
        if found == "INTO" and words[at + 1 : at + 2] == [":"]:
            end = at + 3
            while words[end : end + 2] == [",", ":"]:
                end += 3
            return [*tokens[:at], *tokens[end:]]
    return tokens


def _after(mark: str, tokens: Sequence[Token]) -> Iterator[Token]:
    rest = iter(tokens)
    next((token for token in rest if word(token) == mark), None)
    return rest


def _expression(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    if any(word(token) == "SELECT" for token in tokens):
        yield from _tree([select_token(), *tokens], body)


def _call(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    end = next((i for i, token in enumerate(tokens) if word(token) == "("), len(tokens))
    name = _dotted(tokens[1:end], "read")
    if name and not name.parts[-1].startswith("SYSTEM$"):
        yield Call(name)
    closing = max((i for i, token in enumerate(tokens) if word(token) == ")"), default=len(tokens))
    if end + 1 < closing:
        yield from _expression(tokens[end - 1 : closing + 1], body)


def _execute(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    """EXECUTE IMMEDIATE: what the text does, as far as it is known before the run."""
    if len(tokens) < 3 or word(tokens[1]) != "IMMEDIATE" or word(tokens[2]) == "FROM":
        return
    words = [word(token) for token in tokens]
    end = words.index("USING") if "USING" in words else len(tokens)
    inner = executed(tokens[2:end], body.text, body.known)
    place = Unknown(tokens[2].start, tokens[end - 1].end + 1)
    if inner is None:
        yield place
        return
    found = list(read_text(inner.text))
    if inner.whole:
        yield from (_moved(one, inner.span) for one in found)
        return
    read = [one for one in found if not _unknown(one)]
    yield from (_moved(one, inner.span) for one in read)
    if len(read) < len(found):
        yield place


def _unknown(found: Found) -> bool:
    return isinstance(found, Unreadable | Unknown) or (isinstance(found, Reference) and HOLE in found.parts)


def _procedure(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    """The body of WITH name AS PROCEDURE ... AS 'body' CALL name()."""
    literal = next((b for a, b in pairwise(tokens) if word(a) == "AS" and is_string(b)), None)
    inner = executed([literal], body.text, {}) if literal is not None else None
    if inner is not None:
        yield from (_moved(one, inner.span) for one in read_text(inner.text))


def read_text(text: str) -> Iterator[Found]:
    """What all statements of `text` do."""
    try:
        tokens = tokenize(text)
        for start, end, block in split(tokens):
            yield from read_statement(tokens[start:end], text, block=block)
    except Unreadable as problem:
        yield problem


def _moved(found: Found, span: Callable[[int, int], tuple[int, int]]) -> Found:
    if isinstance(found, Call):
        return Call(_moved_name(found.name, span))
    if isinstance(found, Reference):
        return _moved_name(found, span)
    if isinstance(found, Selects):
        return Selects([], -1)
    if isinstance(found, Unknown):
        return Unknown(*span(found.start, found.end))
    return Unreadable(found.message, *span(found.start, found.end)) if isinstance(found, Unreadable) else found


def _moved_name(name: Reference, span: Callable[[int, int], tuple[int, int]]) -> Reference:
    start, end = span(name.start, name.end)
    return replace(name, start=start, end=end, literal=True)


def _create(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    kind = _kind(tokens)
    if kind == "STREAM":
        yield from _stream(tokens)
    if kind not in {"TABLE", "VIEW"}:
        return
    made = list(_tree(tokens, body))
    if not made:
        made = [r for r in (_named_after(tokens, kind),) if r]
    yield from made
    if any(word(token) in _TEMPORARY for token in tokens[:5]):
        yield from (Temporary(r.parts[-1]) for r in made if isinstance(r, Reference) and r.access != "read")


def _kind(tokens: Sequence[Token]) -> str:
    return next((word(token) for token in tokens[1:] if word(token) not in _MODIFIERS), "")


def _named_after(tokens: Sequence[Token], kind: str) -> Reference | None:
    words = [word(token) for token in tokens]
    at = words.index(kind) + 1
    while at < len(tokens) and words[at] in {"IF", "NOT", "EXISTS"}:
        at += 1
    return _dotted(tokens[at:], "replace" if "REPLACE" in words[:3] else "create")


def _stream(tokens: Sequence[Token]) -> Iterator[Found]:
    words = [word(token) for token in tokens]
    named = _named_after(tokens, "STREAM")
    if named:
        yield named
    if "ON" in words:
        at = words.index("ON") + 1
        while at < len(tokens) and words[at] in {"TABLE", "VIEW", "EXTERNAL", "DYNAMIC"}:
            at += 1
        read = _dotted(tokens[at:], "read")
        if read and words[at - 1] in {"TABLE", "VIEW"}:
            yield read


def _dotted(tokens: Sequence[Token], access: Access) -> Reference | None:
    """The dotted name that `tokens` begin with."""
    parts: list[Token] = []
    for i, token in enumerate(tokens):
        if i % 2 == 0:
            parts.append(token)
        elif word(token) != ".":
            break
    names = [t for t in parts if word(t) != "."]
    if not names or len(names) != len(parts) or is_string(names[0]):
        return None
    stored = tuple(fold(t.text) if word(t) else t.text for t in names)
    return Reference(stored, access, names[0].start, names[-1].end + 1)
