"""The tables that a parsed statement names, each with what is done to it; names of CTEs are none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp

from neve.ir import Access, Reference
from neve.names import parse_name
from neve.parse_sql.tree import Tree, stored

_TABLES = frozenset({exp.Table, exp.TableFromRows})
_CALL = re.compile(r"\b(?:table|identifier)\s*\(\s*$", re.IGNORECASE)
_NEAR = 100
"""How far before a literal the call around it is looked for."""
_AFTER_NAME = ("version", "when", "changes", "pivots", "match_recognize")
"""What stands between a table's name and its alias."""


def references(tree: Tree, text: str, *, overwrite: bool = False) -> Iterator[Reference]:
    """Every table in a statement of `text`: reads, and the targets of what it writes (`overwrite`: anew)."""
    targets = _targets(tree.nodes[0], "replace" if overwrite else "insert")
    for node in tree.nodes:
        if node.__class__ in _TABLES and node.arg_key != "format" and (found := _reference(node, targets, text)):
            yield found


def _is_cte(node: Any, name: str) -> bool:
    """Whether a table's name means a CTE of one of the queries around it."""
    around = [node]
    while (above := around[-1].parent) is not None:
        with_ = above.args.get("with_")
        if isinstance(above, exp.With) and _seen_inside(above, around, name):
            return True
        if with_ is not None and with_ is not around[-1] and any(_named(cte) == name for cte in with_.expressions):
            return True
        around.append(above)
    return False


def _seen_inside(with_: Any, path: Sequence[Any], name: str) -> bool:
    """Whether a CTE whose body holds `path`, from a table up to the CTE itself, sees a CTE of this name in its WITH:
    those before it, and itself where it may repeat.
    """
    for cte in with_.expressions:
        if cte is path[-1]:
            return _named(cte) == name and (bool(with_.args.get("recursive")) or _repeats(cte.this, path))
        if _named(cte) == name:
            return True
    return False


def _repeats(body: Any, path: Sequence[Any]) -> bool:
    """Without RECURSIVE only the branches after the first of a UNION can mean the CTE itself."""
    around = {id(one) for one in path}
    while isinstance(body, exp.SetOperation) and not body.args.get("with_"):
        if id(body.args["expression"]) in around:
            return True
        body = body.this
    return False


def _named(cte: Any) -> str:
    alias = cte.args.get("alias")
    return stored(alias.this) if alias is not None else ""


def _reference(node: Any, targets: Mapping[int, Access], text: str) -> Reference | None:
    named = _name(node, text)
    if named is None:
        return None
    parts, start, end = named
    access = targets.get(id(node), "read")
    if access == "read" and len(parts) == 1 and _is_cte(node, parts[0]):
        return None
    return Reference(parts, access, start, end, bare=_bare(node, access, parts[-1], text))


def _name(node: Any, text: str) -> tuple[tuple[str, ...], int, int] | None:
    """The parts of a table's name and its place; None for stages, functions, variables and the like."""
    this = node.this
    if isinstance(node, exp.TableFromRows):
        return _literal_name(this, text)
    if isinstance(this, exp.DynamicIdentifier):
        return _literal_name(this.this, text)
    identifiers = [node.args.get(key) for key in ("catalog", "db", "this")]
    written = [i for i in identifiers if isinstance(i, exp.Identifier) and "start" in i.meta]
    if not isinstance(this, exp.Identifier) or not written:
        return None
    # db..t leaves its schema out
    parts = tuple(stored(i) or "PUBLIC" for i in identifiers if isinstance(i, exp.Identifier) or i == "")
    return parts, written[0].meta["start"], written[-1].meta["end"] + 1


def _literal_name(literal: Any, text: str) -> tuple[tuple[str, ...], int, int] | None:
    """The name in TABLE('...') or IDENTIFIER('...'), with the place of the whole call."""
    string = isinstance(literal, exp.RawString) or (isinstance(literal, exp.Literal) and literal.is_string)
    if not string or "start" not in literal.meta:
        return None
    start = literal.meta["start"]
    opening, closing = _CALL.search(text, max(0, start - _NEAR), start), text.find(")", literal.meta["end"])
    parts = parse_name(literal.this)
    return (parts, opening.start(), closing + 1) if opening and parts and closing >= 0 else None


def _bare(node: Any, access: Access, name: str, text: str) -> bool:
    """Whether the name also serves to qualify columns, so that a variable in its place needs it as alias."""
    if node.args.get("alias") or any(node.args.get(key) for key in _AFTER_NAME):
        return False
    if access == "read":
        return node.arg_key != "files" and not isinstance(node.parent, exp.Clone | exp.LikeProperty)
    wanted = isinstance(node.parent, exp.Merge | exp.Update | exp.Delete)
    return wanted and bool(re.search(rf"\b{re.escape(name)}\s*\.", text, re.IGNORECASE))


def _targets(tree: Any, inserted: Access) -> dict[int, Access]:
    """The tables that a statement writes, by the identity of their nodes."""
    found: dict[int, Access] = {}
    for node, access in _written(tree, inserted):
        table = node.this if isinstance(node, exp.Schema) else node
        if isinstance(table, exp.Table):
            found[id(table)] = access
    return found


def _written(tree: Any, inserted: Access) -> Iterator[tuple[Any, Access]]:
    if isinstance(tree, exp.Insert | exp.MultitableInserts):
        for insert in tree.find_all(exp.Insert):
            yield insert.this, inserted
    elif isinstance(tree, exp.Merge | exp.Update | exp.Delete | exp.Copy):
        yield tree.this, "insert"
    elif isinstance(tree, exp.Create):
        yield tree.this, "replace" if tree.args.get("replace") else "create"
    elif isinstance(tree, exp.TruncateTable):
        yield from ((table, "truncate") for table in tree.expressions)
    elif isinstance(tree, exp.Drop):
        yield from ((table, "drop") for table in tree.args.get("tables") or ())
    elif isinstance(tree, exp.Alter):
        yield from _altered(tree)


def _altered(tree: Any) -> Iterator[tuple[Any, Access]]:
    swap, rename = tree.find(exp.SwapTable), tree.find(exp.AlterRename)
    if swap:
        yield from ((tree.this, "replace"), (swap.this, "replace"))
    elif rename:
        yield from ((tree.this, "drop"), (rename.this, "create"))
    else:
        yield tree.this, "alter"
