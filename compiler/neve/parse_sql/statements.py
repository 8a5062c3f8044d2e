"""From a body's tokens to what each of its statements says: tables, calls, SQL inside of strings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from neve.ir import Access, Reference, Statement
from neve.names import HOLE
from neve.parse_sql.dialect import (
    Token,
    Unreadable,
    given_up,
    is_semicolon,
    is_string,
    moved,
    next_semicolon,
    parse,
    select_token,
    tokenize,
    word,
)
from neve.parse_sql.executed import Known, executed, known_of, unknown_names, with_names
from neve.parse_sql.found import Call, Found, Selects, Temporary, Unknown, moved_to
from neve.parse_sql.named import dotted, handed_over, kind, named_after, stream
from neve.parse_sql.rewritten import for_parser, without_into
from neve.parse_sql.scripting import Piece, read_block, starts_block
from neve.parse_sql.strict import refuse_gaps

_QUERY = {"SELECT", "WITH", "(", "VALUES", "FROM"}
_RUN = {"CALL", "EXECUTE", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY"}
_TREE = {*_QUERY, "INSERT", "MERGE", "UPDATE", "DELETE", "TRUNCATE", "COPY"}
_OTHERS = {
    "ALTER", "BEGIN", "COMMENT", "COMMIT", "COPY", "DESC", "DESCRIBE", "DROP", "EXPLAIN", "GET", "GRANT", "LIST", "LS",
    "PUT", "REMOVE", "REVOKE", "RM", "ROLLBACK", "SET", "SHOW", "START", "UNDROP", "UNSET", "USE", "WITH",
}  # fmt: skip
_ACCESS: dict[str, Access] = {"CREATE": "create", "ALTER": "alter", "DROP": "drop", "TRUNCATE": "truncate"}
_TEMPORARY = {"TEMP", "TEMPORARY", "VOLATILE"}


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
        own = {word(name) for name, then in pairwise(tokens) if word(then) == "PROCEDURE"}
        for one in (one for piece in pieces for one in _read_piece(piece, body)):
            nested = isinstance(one, Call) and len(one.name.parts) == 1 and one.name.parts[0] in own
            if not nested and not isinstance(one, Selects):
                yield one
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
    tokens = without_into(piece.tokens)
    while piece.expression and len(tokens) > 1 and word(tokens[0]) == "(" and _runs(tokens[1:]):
        tokens = tokens[1:-1]
    try:
        if not piece.expression or _runs(tokens):
            yield from _read_plain(tokens, body)
        elif tokens and word(tokens[0]) in {"SELECT", "WITH"}:
            yield from _tree(tokens, body)
        else:
            yield from _expression(tokens, body)
    except Unreadable as problem:
        yield problem


def _runs(tokens: Sequence[Token]) -> bool:
    """Whether what a variable is given is a statement that does something; INSERT is a function, too."""
    words = [word(token) for token in tokens[:2]]
    return words[:1] != [] and words[0] in _RUN and words != ["INSERT", "("]


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
    if "=>" in body.text:
        yield from handed_over(tokens)
    if first == "WITH" and len(tokens) > 3 and word(tokens[3]) == "PROCEDURE":
        yield from _procedure(tokens, body)
    elif first in _TREE and [word(token) for token in tokens[:2]] != ["COPY", "FILES"]:
        yield from _tree(tokens, body)
    elif first == "CALL":
        yield from _call(tokens, body)
    elif first == "EXECUTE":
        yield from _execute(tokens, body)
    elif first == "SET" or first.startswith("SYSTEM$LOG"):
        yield from _expression([*_after("=", tokens)] if first == "SET" else tokens, body)
    elif first == "CREATE":
        yield from _create(tokens, body)
    elif first in {"DROP", "ALTER"} and kind(tokens) in {"TABLE", "VIEW"}:
        yield from _tree(tokens, body)
    elif tokens and first not in _OTHERS:
        yield Unreadable(f"`{tokens[0].text}` begins no statement", tokens[0].start, tokens[0].end + 1)


def _tree(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    from neve.parse_sql.scopes import scopes
    from neve.parse_sql.tables import references
    from neve.parse_sql.tree import dissolve, tree_of

    overwrite = len(tokens) > 1 and word(tokens[1]) == "OVERWRITE"
    named = list(with_names(tokens, body.text, body.known)) if body.known else tokens
    if "identifier" in body.text.lower():
        yield from (Unknown(*place) for place in unknown_names(named))
    root = parse(for_parser(named), body.text)
    if given_up(root):
        yield from _by_words(tokens, body)
        return
    refuse_gaps(tokens)
    tree = tree_of(root)
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


def _by_words(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    """What a statement names that the parser gave up on: its own table, one that is copied, the query behind AS."""
    access = _ACCESS.get(word(tokens[0]))
    named = named_after(tokens, kind(tokens))
    if named is None or access is None:
        yield Unreadable("This statement cannot be parsed", tokens[0].start, tokens[-1].end + 1)
        return
    yield named if access == "create" else replace(named, access=access)
    depth = 0
    for at, token in enumerate(tokens):
        depth += (word(token) == "(") - (word(token) == ")")
        if word(token) in {"CLONE", "LIKE"} and (copied := dotted(tokens[at + 1 :], "read")):
            yield copied
        if word(token) == "AS" and at + 1 < len(tokens) and word(tokens[at + 1]) in _QUERY:
            yield from _tree(tokens[at + 1 :], body)
            return
        if word(token) == "AS" and depth == 0 and access == "create":
            behind = tokens[min(at + 1, len(tokens) - 1)]
            raise Unreadable(f"`{behind.text}` begins no query", behind.start, behind.end + 1)


def _after(mark: str, tokens: Sequence[Token]) -> Iterator[Token]:
    rest = iter(tokens)
    next((token for token in rest if word(token) == mark), None)
    return rest


def _expression(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    if any(word(token) == "SELECT" for token in tokens):
        yield from _tree([select_token(), *tokens], body)


def _call(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    end = next((i for i, token in enumerate(tokens) if word(token) == "("), len(tokens))
    name = dotted(tokens[1:end], "read")
    if name and not name.parts[-1].startswith("SYSTEM$"):
        yield Call(name)
    closing = max((i for i, token in enumerate(tokens) if word(token) == ")"), default=len(tokens))
    if end + 1 < closing:
        called = moved(tokenize("f")[0], tokens[0].start, tokens[0].end)  # some names of procedures are keywords
        yield from _expression([called, *tokens[end : closing + 1]], body)


def _execute(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    """EXECUTE IMMEDIATE: what the text does, as far as it is known before the run."""
    if len(tokens) < 3 or word(tokens[1]) != "IMMEDIATE":
        return
    if word(tokens[2]) == "FROM":  # a file in a stage
        yield Unknown(tokens[2].start, tokens[-1].end + 1)
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
        yield from (moved_to(one, inner.span) for one in found)
        return
    read = [one for one in found if not _unknown(one)]
    yield from (moved_to(one, inner.span) for one in read)
    if len(read) < len(found):
        yield place


def _unknown(found: Found) -> bool:
    return isinstance(found, Unreadable | Unknown) or (isinstance(found, Reference) and HOLE in found.parts)


def _procedure(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    """The body of WITH name AS PROCEDURE ... AS 'body' CALL name()."""
    if any(word(a) == "LANGUAGE" and word(b) != "SQL" for a, b in pairwise(tokens)):
        return
    literal = next((b for a, b in pairwise(tokens) if word(a) == "AS" and is_string(b)), None)
    inner = executed([literal], body.text, {}) if literal is not None else None
    if inner is not None:
        yield from (moved_to(one, inner.span) for one in read_text(inner.text))


def read_text(text: str) -> Iterator[Found]:
    """What all statements of `text` do."""
    try:
        tokens = tokenize(text)
        for start, end, block in split(tokens):
            yield from read_statement(tokens[start:end], text, block=block)
    except Unreadable as problem:
        yield problem


def _create(tokens: Sequence[Token], body: Body) -> Iterator[Found]:
    made_kind = kind(tokens)
    if made_kind == "STREAM":
        yield from stream(tokens)
    if made_kind not in {"TABLE", "VIEW"}:
        return
    made = list(_tree(tokens, body))
    if any(word(token) == "RECURSIVE" for token in tokens[:5]):
        own = next((one.parts for one in made if isinstance(one, Reference) and one.access != "read"), ())
        made = [one for one in made if not (isinstance(one, Reference) and one.access == "read" and one.parts == own)]
    yield from made
    if any(word(token) in _TEMPORARY for token in tokens[:5]):
        yield from (Temporary(r.parts[-1]) for r in made if isinstance(r, Reference) and r.access != "read")
