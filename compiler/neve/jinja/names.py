"""What a template can use besides macros: ref, source, var, config, this, is_incremental, target (as in dbt)."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from jinja2.utils import missing

from neve.ir import Header, Project
from neve.jinja.dbt import FUNCTIONS, PACKAGES, Package
from neve.jinja.environment import Mistake, ReturnedValue
from neve.jinja.relations import Named
from neve.names import fold, nearest, quote_identifier
from neve.nodes import RUN

_MOST_ITEMS = 1_000_000
THIS = '"neve"."this"."this"'
_ABSENT = object()
_LITERAL = (str, int, float, bool, type(None))

NOT_HERE = {
    "env_var": "A compilation reads no environment. Put the value below `vars:` of a target in project.yml.",
    "run_query": "A compilation has no connection: a query's result cannot shape the SQL.",
    "statement": "A compilation has no connection: a query's result cannot shape the SQL.",
    "execute": "A compilation has no connection, so there is nothing to execute: remove the condition.",
    "api": "Write Snowflake's SQL itself.",
    "graph": "Templates do not see other nodes: name them with `ref`.",
    "model": "Use `this`, or the file's own name.",
    "flags": "There are no flags: use a `var`.",
    "run_started_at": "A compilation knows no time. Use current_timestamp() in SQL, or the graph's config.",
    "invocation_id": "A compilation has no id: the same files give the same script.",
    "modules": "Templates have no Python modules.",
    "datetime": "A compilation knows no time. Use current_date() in SQL, or the graph's config.",
    "dbt_version": "This is neve, not dbt: the same files give the same script.",
    "load_result": "A compilation has no connection: a query's result cannot shape the SQL.",
    "load_relation": "A compilation has no connection: it cannot ask whether a table is there.",
    "database": "Write `target.database` or `this.database`.",
    "schema": "Write `target.schema` or `this.schema`.",
    "node": "Use `this`, or the file's own name.",
    "builtins": "Call `ref`, `source` and `config` as they are.",
    "set": "Use a list, and the filter `unique`.",
    "selected_resources": "A compilation does not know what will be selected.",
    "should_full_refresh": "To fill an incremental model anew, drop its table before a run.",
}


@dataclass(slots=True)
class Current:
    """The file that is being rendered, and what it said so far."""

    header: Header
    incremental: bool
    file: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    items: int = 0


class This(str):
    """`this`: the model's own table, and the parts of its name as dbt calls them."""

    __slots__ = ("_names",)
    _names: "Names"

    def __new__(cls, names: "Names") -> Self:
        made = super().__new__(cls, THIS)
        made._names = names
        return made

    @property
    def database(self) -> str:
        return self._stored("database", self._names.project.target.database)

    @property
    def schema(self) -> str:
        schema = self._stored("schema", self._names.project.target.schema)
        if schema == RUN.upper():
            raise Mistake("NEVE204", "The schema of a run has its name only in the run", "Write `{{ this }}`.")
        return schema

    @property
    def identifier(self) -> str:
        return self._stored("alias", self._names.current.file)

    name = table = identifier

    def _stored(self, key: str, default: str) -> str:
        current = self._names.current
        return fold(str(current.config.get(key, current.header.get(key, default))))


@dataclass(frozen=True, slots=True)
class JinjaTarget:
    """`target`: where to deploy to, in dbt's words."""

    name: str
    database: str
    schema: str
    warehouse: str | None
    role: str | None
    type: str = "snowflake"

    def __str__(self) -> str:
        return self.name


class Names:
    """The functions, over one project. `current` is set before each rendering."""

    def __init__(self, project: Project, macro: Callable[[str], Any]) -> None:
        self.project = project
        self.current = Current(Header({}, "", 0), incremental=False)
        target = project.target
        packages = {name: Package(name, self._own(macro)) for name in (*PACKAGES, project.name)}
        self.dbt = packages["dbt"]
        self.all: dict[str, Any] = {
            **{name: package for name, package in packages.items() if name not in project.vars},
            "ref": _ref,
            "source": _source,
            "var": self._var,
            "config": _Config(self),
            "this": This(self),
            "is_incremental": self._is_incremental,
            "target": JinjaTarget(target.name, target.database, target.schema, target.warehouse, target.role),
            "range": self._range,
            "adapter": _Adapter(macro),
            "exceptions": _Exceptions(),
            "log": _log,
            "print": _log,
            "return": _return,
            "project_name": project.name,
            "tojson": _to_json,
            "fromjson": _from_json,
            "zip": zip,
        }

    def _own(self, macro: Callable[[str], Any]) -> Callable[[str], Any]:
        return lambda name: macro(name) if name not in self.all else missing

    def _var(self, name: Any, default: Any = _ABSENT) -> Any:
        if name in self.project.vars:
            return copy.deepcopy(self.project.vars[name])
        if default is not _ABSENT:
            return default
        meant = nearest(str(name), self.project.vars)
        hint = f"Did you mean `{meant}`?" if meant else f"Add it to project.yml: `vars: {{{name}: ...}}`."
        raise Mistake("NEVE203", f"The variable `{name}` is not set", hint, function="var", argument=name)

    def _is_incremental(self) -> bool:
        materialized = self.current.config.get("materialized", self.current.header.get("materialized"))
        return self.current.incremental and materialized == "incremental"

    def _range(self, *bounds: Any) -> range:
        items = range(*bounds)
        self.current.items += len(items)
        if self.current.items > _MOST_ITEMS:
            raise Mistake("NEVE206", f"The loops of this file run more than {_MOST_ITEMS:,} times", function="range")
        return items


class _Config:
    """`config(...)`, and `config.get(...)` for macros."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def __call__(self, *positional: Any, **settings: Any) -> str:
        for given in positional:
            if not isinstance(given, dict):
                raise Mistake("NEVE204", "config(...) takes `key=value`", function="config", argument=given)
            settings = {**given, **settings}
        for key, value in settings.items():
            if not _is_plain(value):
                raise Mistake("NEVE204", f"`{key}` must be plain data here", function="config", argument=value)
            self._names.current.config[str(key)] = value
        return ""

    def get(self, key: str, default: Any = None) -> Any:
        current = self._names.current
        return current.config.get(key, current.header.get(key, default))


class _Adapter:
    """dbt's `adapter`, as far as it needs no connection."""

    def __init__(self, macro: Callable[[str], Any]) -> None:
        self._macro = macro

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        message = f"`adapter.{name}` needs a connection, and a compilation has none"
        raise Mistake("NEVE204", message, NOT_HERE["run_query"], function=name)

    def quote(self, identifier: Any) -> str:
        return quote_identifier(str(identifier))

    def quote_as_configured(self, identifier: Any, quote_key: Any) -> str:  # noqa: ARG002 - dbt's arguments
        """A name as dbt writes it where nobody asked for quotes, which is Snowflake's default in dbt."""
        return str(identifier)

    def dispatch(self, name: str, macro_namespace: Any = None) -> Any:  # noqa: ARG002 - there is one project
        """The macro for Snowflake, else the one for any database."""
        found = (self._macro(f"{prefix}__{name}") for prefix in ("snowflake", "default"))
        macro = next((macro for macro in found if macro is not missing), FUNCTIONS.get(name))
        if macro is None:
            message = f"There is no macro `snowflake__{name}` or `default__{name}`"
            raise Mistake("NEVE202", message, function=name)
        return macro


class _Exceptions:
    """dbt's `exceptions`."""

    def raise_compiler_error(self, message: Any) -> str:
        raise Mistake("NEVE204", str(message))

    def warn(self, message: Any) -> str:  # noqa: ARG002 - what a macro says to people who run dbt
        return ""


def _ref(*names: Any, v: Any = None, version: Any = None) -> str:
    """A node by its name; a package before it does not count, there is one project. dbt's files of version 2 of `a`
    are called `a_v2`.
    """
    if len(names) not in {1, 2} or not all(isinstance(name, str) for name in names):
        raise Mistake("NEVE204", "ref takes the name of a model", "Write `ref('name')`.", function="ref")
    number = version if v is None else v
    return Named("ref", names[-1] if number is None else f"{names[-1]}_v{number}")


def _source(*names: Any) -> str:
    if len(names) != 2 or not all(isinstance(name, str) for name in names):
        hint = "Write `source('source', 'table')`."
        raise Mistake("NEVE204", "source takes the name of a source and of a table", hint, function="source")
    return Named("source", *names)


def _return(value: Any = None) -> str:
    raise ReturnedValue(value)


def _to_json(value: Any, default: Any = None, *, sort_keys: bool = False) -> Any:
    return json.dumps(value, sort_keys=sort_keys) if _is_plain(value) else default


def _from_json(text: str, default: Any = None) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return default


def _log(*_: Any, **__: Any) -> str:
    return ""


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    return all(map(_is_plain, value)) if isinstance(value, list | tuple) else isinstance(value, _LITERAL)
