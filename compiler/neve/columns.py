"""Columns: what each query gives, and the names in it that mean no column, or more than one.

A column is only said to be missing where everything is known that it could come from.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from neve.ir import ALL, Column, From, Output, Scope

Columns = tuple[str, ...] | None
"""The stored names of columns in their order, "" for one without a name; None when they are not known."""

_Source = tuple[str, Columns]
Open = Literal["open"]
OPEN: Open = "open"
"""Nothing can be said of a column, as long as the columns of a table are not known."""

_NEXT = "NEXTVAL"
_CONTEXT = {_NEXT, "LEVEL", "CURRENT_ROLE", "CURRENT_WAREHOUSE", "CURRENT_DATABASE", "CURRENT_SCHEMA", "SYSDATE"}
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


def unsettled(scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    """The scopes without those columns that are right whatever the tables have."""
    query = Query(scopes, lambda _: None)
    return tuple(
        scope._replace(columns=tuple(column for column, _ in query.unsettled(number))) if scope.columns else scope
        for number, scope in enumerate(scopes)
    )


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
        self._read: dict[int, tuple[_Source, ...]] = {}

    def given(self, number: int) -> Columns:
        """The columns that a scope gives."""
        if number not in self._given:
            self._given[number] = None  # stands for a query that reads from itself
            self._given[number] = self._outputs(number)
        return self._given[number]

    def twice(self, number: int) -> tuple[str, ...]:
        """The names that several columns have which a scope gives, as far as these are known."""
        while self.scopes[number].union:
            number = self.scopes[number].union[0]
        times = Counter(name for name in self._each(number) if name)
        return tuple(name for name, count in times.items() if count > 1)

    def problems(self) -> Iterator[Problem]:
        """Every column that no table in reach has, or more than one."""
        for number in range(len(self.scopes)):
            yield from (verdict for _, verdict in self.unsettled(number) if isinstance(verdict, Problem))

    def unsettled(self, number: int) -> Iterator[tuple[Column, Problem | Open]]:
        """The columns of a scope of which there is something to say, now or when more is known."""
        right = self._had(number)
        for column in self.scopes[number].columns:
            named = column.table, column.name
            if named in right:
                continue
            verdict = self._verdict(column, number)
            if verdict is None:
                right.add(named)
            else:
                yield column, verdict

    def _had(self, number: int) -> set[tuple[str, str]]:
        """Columns that are right, by their tables, seen at a glance: those that these tables have."""
        sources = self._sources(number)
        if any(not name for name, _ in sources):
            return set()
        first = dict(reversed(sources))
        return {(name, column) for name, columns in first.items() for column in columns or ()}

    def _verdict(self, column: Column, number: int) -> Problem | Open | None:
        """What there is to say of a column; None for nothing, whatever the tables have of which nothing is known."""
        if column.name in ({_NEXT} if column.table else _ALWAYS) or column.name.startswith(_HIDDEN):
            return None
        return self._qualified(column, number) if column.table else self._plain(column, number)

    def _qualified(self, column: Column, number: int) -> Problem | Open | None:
        table, name = column.table, column.name
        known: list[str] = []
        for reach in self._reach(number):
            if not self.scopes[reach].closed:
                return None
            for source, columns in self._sources(reach):
                if source == table:
                    if columns is None:
                        return OPEN
                    return None if name == ALL or name in columns else Problem(column, columns, ())
                if not source:
                    return OPEN
                if columns and table in columns:
                    return None
                known.append(source)
        return Problem(column, (), tuple(known), stray=True)

    def _plain(self, column: Column, number: int) -> Problem | Open | None:
        known: list[str] = []
        for reach in self._reach(number):
            scope, sources = self.scopes[reach], self._sources(reach)
            if not scope.closed:
                return None
            if any(columns is None for _, columns in sources):
                return OPEN
            at = [place for place, (_, columns) in enumerate(sources) if columns and column.name in columns]
            aliases = {output.name for output in scope.outputs if output.alias}
            if len(at) > 1 and column.name not in {*self._merged(reach), *aliases}:
                return Problem(column, (), tuple(sources[place][0] or scope.sources[place].name for place in at))
            if at or column.name in aliases:
                return None
            known += [one for _, columns in sources for one in columns or () if one]
        return Problem(column, tuple(known), ())

    def _reach(self, number: int) -> Iterator[int]:
        """A scope and those around it."""
        while number >= 0:
            yield number
            number = self.scopes[number].outer

    def _sources(self, number: int) -> tuple[_Source, ...]:
        """What a scope reads from: the name by which it is called ("": not known), and its columns."""
        if number not in self._read:
            self._read[number] = tuple((self._name(one), self._of(one)) for one in self.scopes[number].sources)
        return self._read[number]

    def _merged(self, number: int) -> set[str]:
        """The columns of several sources that stand for one."""
        scope = self.scopes[number]
        found, before = {*scope.merged}, set[str]()
        if any(source.natural for source in scope.sources):
            for source, (_, columns) in zip(scope.sources, self._sources(number), strict=True):
                own = {*(columns or ())}
                found |= before & own if source.natural else set()
                before |= own
        return found

    def _name(self, source: From) -> str:
        """What qualifies the columns of a source; "" when that is not known."""
        if source.name != "?":
            return source.name
        return self.named(source.table) if source.table >= 0 else "?" if source.scope >= 0 else ""

    def _of(self, source: From) -> Columns:
        columns = self.given(source.scope) if source.scope >= 0 else self.table(source.table)
        if source.table < 0 and source.scope < 0:
            columns = None
        if not source.columns:
            return columns
        return (*source.columns, *columns[len(source.columns) :]) if columns is not None else None

    def _outputs(self, number: int) -> Columns:
        if self.scopes[number].union:
            return self.given(self.scopes[number].union[0])
        found = tuple(self._each(number))
        return None if None in found or not found else found  # type: ignore[return-value]

    def _each(self, number: int) -> Iterator[str | None]:
        """The columns that the outputs of a SELECT give, one after the other; None for those that are not known."""
        scope = self.scopes[number]
        merged = self._merged(number)
        found: set[str] = set()
        for output in scope.outputs:
            columns = self._star(output, number) if output.star else (output.name,)
            if columns is None:
                yield None
                continue
            again = found & merged if output.star else set()
            yield from (one for one in columns if one not in again)
            found.update(columns)

    def _star(self, output: Output, number: int) -> Columns:
        sources = [columns for name, columns in self._sources(number) if output.table in {"", name}]
        if not sources or not self.scopes[number].closed:
            return None
        renamed: Mapping[str, str] = dict(output.renamed)
        merged = self._merged(number)
        found: list[str] = []
        for columns in sources:
            if columns is None:
                return None
            again = {*found} & merged
            found += (renamed.get(one, one) for one in columns if one not in {*output.left_out, *again})
        return tuple(found)
