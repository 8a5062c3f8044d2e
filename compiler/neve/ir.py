"""What the passes of the compiler hand to each other, in the order of the passes.

Everything here is frozen: a pass makes new things of old ones and changes nothing.
Offsets count characters; those of a body count from the start of its *rendered* text. What a body has many of is a
named tuple, which is made three times as fast as a dataclass.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeVar

from neve.diagnostics.model import Span

T = TypeVar("T")
_LAYOUTS: dict[type, tuple[Callable[[Any], tuple[Any, ...]], Mapping[str, int]]] = {}


def altered(value: T, **changes: Any) -> T:
    """`dataclasses.replace` at half its cost, for passes that alter every node."""
    kind = type(value)
    if kind not in _LAYOUTS:
        names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
        _LAYOUTS[kind] = attrgetter(*names), {name: place for place, name in enumerate(names)}
    read, places = _LAYOUTS[kind]
    values = list(read(value))
    for name, change in changes.items():
        values[places[name]] = change
    return kind(*values)


FileKind = Literal["model", "task", "python_task", "helper", "macro", "seed"]
"""`helper` is a Python file in python_tasks/ that has no `main`: tasks import it."""

Materialized = Literal["table", "view", "incremental", "dynamic_table", "ephemeral"]

Access = Literal["read", "insert", "replace", "truncate", "create", "alter", "drop"]
"""What a statement does to a table: `replace` is CREATE OR REPLACE and INSERT OVERWRITE, `insert` any other DML."""


# project.py ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Value:
    """One value of project.yml or a header, plain data, and where it stands."""

    data: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """Where to deploy to. `engine` is "local" or "snowflake"; `connection` names one of Snowflake's connections."""

    name: str
    engine: Literal["local", "snowflake"]
    database: str
    schema: str
    connection: str | None = None
    warehouse: str | None = None
    role: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """One entry below `graphs:`, merged with the target's. `options` are task parameters of the root in snake_case."""

    name: str
    span: Span
    schedule: Value | None = None
    config: Mapping[str, Any] | None = None
    run_schema: Value | None = None
    cleanup: Value | None = None
    fuse: bool = False
    options: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A declared table that no task makes. `columns` maps name to type, empty when unknown; `stream_on` names the
    source table that it is a stream on, empty when it is none, and stands at `stream_span`.
    """

    source: str
    name: str
    database: str
    schema: str
    columns: Mapping[str, str]
    span: Span
    stream_on: str = ""
    stream_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """project.yml as one target sees it. `defaults` maps a folder ("" is the whole project) to header keys."""

    name: str
    target: Target
    targets: tuple[str, ...]
    vars: Mapping[str, Any]
    graphs: Mapping[str, GraphSettings]
    defaults: Mapping[str, Mapping[str, Value]]
    sources: Mapping[tuple[str, str], SourceTable]


# discover.py --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the project: posix path below the root, what it is, its text with line feeds only."""

    path: str
    kind: FileKind
    text: str

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1].split(".", 1)[0]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


# header.py ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Header:
    """Front matter, folder defaults merged in. `body` is the offset where the file's own SQL or Python begins."""

    values: Mapping[str, Value]
    description: str
    body: int

    def get(self, key: str, default: Any = None) -> Any:
        value = self.values.get(key)
        return default if value is None else value.data


# render.py ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rendered:
    """A body after Jinja. `config` is what `config(...)` set, `config_spans` where each of its values stands;
    `jinja` is false when text is the file's own, verbatim.

    `ref('x')` renders to the name `"neve"."ref"."x"` and `source('s', 't')` to `"neve"."source"."s.t"`:
    no CTE can shadow these.
    `{{ this }}` renders to `"neve"."this"."this"`. `incremental` is what `is_incremental()` gave. A text that stands
    in no file, as that of a data test, has the `span` of the header's value that it was made of; `keys` lead on from
    there to the very place.
    """

    text: str
    jinja: bool
    config: Mapping[str, Any]
    incremental: bool = True
    span: Span | None = None
    config_spans: Mapping[str, Span] = field(default_factory=dict)
    keys: tuple[str | int, ...] = ()


# parse_sql.py, parse_python.py ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reference:
    """A table, view, stream or stage that a body names. `parts` are as Snowflake stores them (unquoted: upper case).

    `start` and `end` enclose the name in the rendered text; `bare`: it stands in FROM or JOIN without an alias;
    `literal`: it stands in the string of an EXECUTE IMMEDIATE, where no variable can be seen.
    """

    parts: tuple[str, ...]
    access: Access
    start: int
    end: int
    bare: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class ReturnRead:
    """A return value asked for; `task` is the name as written (None: left out); offsets enclose the literal."""

    task: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReturnValue:
    """A text that a task can set as its return value, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a SQL body: its place and whether it is a scripting block."""

    start: int
    end: int
    scripting: bool


class From(NamedTuple):
    """One thing that a SELECT reads from: `name` qualifies its columns ("?": not by a name that stands in the text).

    It is a table, whose name begins at offset `table`; or the query `scope`; or (both -1) something whose columns are
    not known. `columns` renames them, in their order. With a `natural` join it has its columns of the names of those
    before it in common with these.
    """

    name: str
    table: int = -1
    scope: int = -1
    columns: tuple[str, ...] = ()
    natural: bool = False


ALL = "*"
"""In the place of a column's name: all that its table has."""


class Column(NamedTuple):
    """A column that a SELECT names, with the table that qualifies it, or ""."""

    table: str
    name: str
    start: int
    end: int


class Output(NamedTuple):
    """What a SELECT gives: a column of this name ("" when it has none), or all columns (of `table`) with changes.

    An `alias` can be used in the rest of the SELECT like a column.
    """

    name: str
    alias: bool = False
    star: bool = False
    table: str = ""
    left_out: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class Scope(NamedTuple):
    """One SELECT: where its columns come from, which it uses, which it gives; or a UNION of other scopes.

    `merged` are the columns of USING, which stand for one of both sides; `outer` is the scope around a subquery that
    may use its columns (-1: none). `closed` is false when not everything it reads from is understood. In the facts of
    a body, `columns` are only those that are not settled by the body itself.
    """

    sources: tuple[From, ...] = ()
    columns: tuple[Column, ...] = ()
    outputs: tuple[Output, ...] = ()
    merged: tuple[str, ...] = ()
    outer: int = -1
    closed: bool = True
    union: tuple[int, ...] = ()


OPEN_SCOPE = Scope(closed=False)
"""Of what is not understood."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a body does, read from its text alone.

    A config key "" is the whole configuration. `returns` says that it sets a return value, and `values` which ones,
    when all of them stand in the text (else None). `scopes` are the SELECTs outside of blocks; the first
    statement's own is `scopes[result]`.
    """

    references: tuple[Reference, ...] = ()
    returned: tuple[ReturnRead, ...] = ()
    config_keys: tuple[tuple[str, int, int], ...] = ()
    calls: tuple[Reference, ...] = ()
    statements: tuple[Statement, ...] = ()
    imports: tuple[str, ...] = ()
    returns: bool = False
    values: tuple[ReturnValue, ...] | None = None
    scopes: Sequence[Scope] = ()
    result: int = -1


# resolve.py, graph.py -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view. `schema` None stands for the schema of the run."""

    database: str
    schema: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Node:
    """One file that becomes an object of its own. `graph` is None for what is deployed, not run (views, ephemeral …).

    `links` holds, for each reference that was resolved, the relation that it means. `initial` is the same node with
    the text that fills an empty table, where an incremental model has one of its own; `tests` are its data tests.
    """

    name: str
    file: SourceFile
    header: Header
    rendered: Rendered
    facts: Facts
    materialized: Materialized | None = None
    graph: str | None = None
    relation: Relation | None = None
    links: tuple[tuple[Reference, Relation], ...] = ()
    depends_on: tuple[str, ...] = ()
    initial: "Node | None" = None
    tests: "tuple[DataTest, ...]" = ()


@dataclass(frozen=True, slots=True)
class DataTest:
    """A test of a model's rows: `query` is the model with the text of a SELECT that must find no row."""

    name: str
    query: Node


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a graph, in Snowflake's terms. `after` holds physical names; `node` is None for what neve adds.

    `fused` are the nodes that run before `node` in the same task.
    """

    name: str
    node: Node | None
    after: tuple[str, ...]
    when: str | None
    options: Mapping[str, Any]
    comment: str
    finalize: str | None = None
    fused: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """A graph ready to be written: root first, children in topological order, the finalizer last (or None)."""

    settings: GraphSettings
    root: Task
    tasks: tuple[Task, ...]
    finalizer: Task | None


# emit.py ------------------------------------------------------------------------------------------
StatementKind = Literal[
    "context",
    "database",
    "schema",
    "stage",
    "suspend",
    "empty_table",
    "view",
    "table",
    "dynamic_table",
    "procedure",
    "task",
    "alter_task",
    "resume",
]


@dataclass(frozen=True, slots=True)
class CodeMap:
    """Where a procedure's code comes from: line `line` of it is line `source_line` of `path`, for `lines` lines."""

    line: int
    path: str
    source_line: int
    lines: int


@dataclass(frozen=True, slots=True)
class ScriptStatement:
    """One statement of the script, without its semicolon.

    `object` is the full name of what it makes or changes; `path` the user's file it comes from; `fingerprint` that
    of the object's definition, also in its COMMENT (None where there is none); `graph` the one that must stand still.
    """

    kind: StatementKind
    object: str
    sql: str
    path: str
    fingerprint: str | None = None
    graph: str | None = None
    code_map: tuple[CodeMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """The deployment script: `text` is what is committed, `statements` what is sent; the one is made of the other."""

    statements: tuple[ScriptStatement, ...]
    text: str


# compile.py ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Compiled:
    """All that a compilation knows. `script` is None when an error stands in the way.

    `columns` are the names of those of sources and models, None where they are not known.
    """

    project: Project
    nodes: Mapping[str, Node]
    graphs: Mapping[str, TaskGraph]
    script: Script | None
    columns: Mapping[Relation, tuple[str, ...] | None] = field(default_factory=dict)
