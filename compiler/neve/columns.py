"""Columns: what each query gives, and the names in it that mean no column, or more than one.

A column is only said to be missing where everything is known that it could come from.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from neve.ir import ALL, Column, From, Output, Scope

Columns = tuple[str, ...] | None
"""The stored names of columns in their order, "" for one without a name; None when they are not known."""

_CONTEXT = {"NEXTVAL", "LEVEL", "CURRENT_ROLE", "CURRENT_WAREHOUSE", "CURRENT_DATABASE", "CURRENT_SCHEMA", "SYSDATE"}
_HIERARCHY = {"CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE"}
_PARTS = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "DAYOFWEEK", "DAYOFYEAR", "EPOCH"}
_ALWAYS = _CONTEXT | _HIERARCHY | _PARTS
_HIDDEN = "METADATA$"


class Problem(NamedTuple):
    """A column that cannot be: none of the `known` ones, or one of several `sources`, or (`stray`) of none of them."""

    column: Column
    known: tuple[str, ...]
    sources: tuple[str, ...]
    stray: bool = False


class Query:
    """The scopes of one text. `table` gives the columns of the table whose name begins at an offset, `named` the name
    of one that Jinja wrote.
    """

    def __init__(
        self, scopes: Sequence[Scope], table: Callable[[int], Columns], named: Callable[[int], str] = lambda _: ""
    ) -> None:
        self.scopes = scopes
        self.table = table
        self.named = named
        self._given: dict[int, Columns] = {}

    def given(self, number: int) -> Columns:
        """The columns that a scope gives."""
        if number not in self._given:
            self._given[number] = None  # stands for a query that reads from itself
            self._given[number] = self._outputs(self.scopes[number])
        return self._given[number]

    def twice(self, number: int) -> tuple[str, ...]:
        """The names that several columns have which a scope gives, as far as these are known."""
        scope = self.scopes[number]
        while scope.union:
            scope = self.scopes[scope.union[0]]
        times = Counter(name for name in self._each(scope) if name)
        return tuple(name for name, count in times.items() if count > 1)

    def problems(self) -> Iterator[Problem]:
        """Every column that no table in reach has, or more than one."""
        for scope in self.scopes:
            right: set[tuple[str, str]] = set()
            for column in scope.columns:
                named = column.table, column.name
                if named in right:
                    continue
                problem = self._problem(column, scope)
                if problem:
                    yield problem
                else:
                    right.add(named)

    def _problem(self, column: Column, scope: Scope) -> Problem | None:
        if column.name in _ALWAYS or column.name.startswith(_HIDDEN):
            return None
        return self._qualified(column, scope) if column.table else self._plain(column, scope)

    def _qualified(self, column: Column, scope: Scope) -> Problem | None:
        known: list[str] = []
        for reach in self._reach(scope):
            if not reach.closed:
                return None
            for source in reach.sources:
                name = self._name(source)
                if name == column.table:
                    columns = self._of(source)
                    missing = columns is not None and column.name not in {*columns, ALL}
                    return Problem(column, columns or (), ()) if missing else None
                if not name or column.table in (self._of(source) or ()):
                    return None
                known.append(name)
        return Problem(column, (), tuple(known), stray=True)

    def _name(self, source: From) -> str:
        """What qualifies the columns of a source; "" when that is not known."""
        if source.name != "?":
            return source.name
        return self.named(source.table) if source.table >= 0 else "?" if source.scope >= 0 else ""

    def _plain(self, column: Column, scope: Scope) -> Problem | None:
        known: list[str] = []
        for reach in self._reach(scope):
            found = [(self._name(source) or source.name, self._of(source)) for source in reach.sources]
            if not reach.closed or any(columns is None for _, columns in found):
                return None
            names = [name for name, columns in found if columns and column.name in columns]
            aliases = {output.name for output in reach.outputs if output.alias}
            if len(names) > 1 and column.name not in {*reach.merged, *aliases}:
                return Problem(column, (), tuple(names))
            if names or column.name in aliases:
                return None
            known += [one for _, columns in found for one in columns or () if one]
        return Problem(column, tuple(known), ())

    def _reach(self, scope: Scope) -> Iterator[Scope]:
        """A scope and those around it."""
        yield scope
        while scope.outer >= 0:
            scope = self.scopes[scope.outer]
            yield scope

    def _of(self, source: From) -> Columns:
        columns = self.given(source.scope) if source.scope >= 0 else self.table(source.table)
        if source.table < 0 and source.scope < 0:
            columns = None
        if not source.columns:
            return columns
        return (*source.columns, *columns[len(source.columns) :]) if columns is not None else None

    def _outputs(self, scope: Scope) -> Columns:
        if scope.union:
            return self.given(scope.union[0])
        found = tuple(self._each(scope))
        return None if None in found or not found else found  # type: ignore[return-value]

    def _each(self, scope: Scope) -> Iterator[str | None]:
        """The columns that the outputs of a SELECT give, one after the other; None for those that are not known."""
        found: set[str] = set()
        for output in scope.outputs:
            columns = self._star(output, scope) if output.star else (output.name,)
            if columns is None:
                yield None
                continue
            again = found & {*scope.merged} if output.star else set()
            yield from (one for one in columns if one not in again)
            found.update(columns)

    def _star(self, output: Output, scope: Scope) -> Columns:
        sources = [source for source in scope.sources if output.table in {"", self._name(source)}]
        if not sources or not scope.closed:
            return None
        renamed: Mapping[str, str] = dict(output.renamed)
        found: list[str] = []
        for source in sources:
            columns = self._of(source)
            if columns is None:
                return None
            again = {*found} & {*scope.merged}
            found += (renamed.get(one, one) for one in columns if one not in {*output.left_out, *again})
        return tuple(found)
