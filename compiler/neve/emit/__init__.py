"""Graphs and nodes become the script: one ordered tuple of statements, and the text they make up."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b

from neve.deployable import needed_first
from neve.emit.bodies import empty_table, flag, root_body, sql_body
from neve.emit.finalizer import finalizer_body
from neve.emit.procedures import code
from neve.emit.text import Context, body, make_context
from neve.graph import is_triggered, members, ordered
from neve.graph.tasks import description
from neve.ir import Node, Project, Script, ScriptStatement, StatementKind, Task, TaskGraph
from neve.names import fold, qualified, quote_identifier, quote_string
from neve.read import Modules
from neve.schema import DEFAULT_RUNTIME
from neve.statements import (
    ProcedureText,
    TaskText,
    alter_task,
    create_dynamic_table,
    create_procedure,
    create_task,
    create_view,
    resume_task,
    suspend_task,
)

PROJECT = "project.yml"
_PACKAGES = ("snowflake-snowpark-python", "snowflake.core")
_MARK = re.compile(r"\[neve:[^\]]*\]")


def emit(
    project: Project,
    nodes: Mapping[str, Node],
    graphs: Mapping[str, TaskGraph],
    modules: Modules,
) -> Script:
    """The deployment script. `modules` are the files of python_tasks/ by name."""
    context = make_context(project, nodes)
    emitter = _Emitter(context, modules)
    first = needed_first(nodes)
    deployed = [nodes[name] for name in ordered(nodes) if _is_deployed(nodes[name]) or name in first]
    sections = [
        ("Context", list(emitter.context_statements())),
        ("Suspend the roots that follow", [emitter.suspend(graph) for graph in graphs.values()]),
        ("", [s for node in deployed for s in emitter.deployed(node)]),
        ("", [s for graph in graphs.values() for s in emitter.graph(graph)]),
        ("Resume: children first, roots last", [s for graph in graphs.values() for s in emitter.resume(graph)]),
    ]
    statements = tuple(statement for _, section in sections for statement in section)
    return Script(statements, _text(project, sections))


def emit_again(
    project: Project, node: Node, graph: TaskGraph | None, kinds: Collection[str]
) -> tuple[ScriptStatement, ...]:
    """The statements of these kinds that hold a model's text; `graph` has its task for a root, if it has one."""
    emitter = _Emitter(make_context(project, {node.name: node}), {})
    deployed = emitter.deployed(node) if set(kinds) - {"task"} else ()
    tasks = emitter.task(graph.root, graph) if graph else ()
    return tuple(one for one in (*deployed, *tasks) if one.kind in kinds)


def heading(statement: ScriptStatement) -> str:
    """The comment above a statement that is made of a file."""
    return f"\n-- {statement.path}{_NOTES.get(statement.kind, '')}\n"


class _Emitter:
    """Writes each statement of the script."""

    def __init__(self, context: Context, modules: Modules) -> None:
        self.context, self.project, self.modules = context, context.project, modules
        target = context.project.target
        self.home = (target.database, target.schema)

    def context_statements(self) -> Iterator[ScriptStatement]:
        target = self.project.target
        for kind, name in (("ROLE", target.role), ("WAREHOUSE", target.warehouse)):
            if name:
                yield _plain("context", name, f"USE {kind} {quote_identifier(name)}")
        schemas = dict.fromkeys([self.home, *sorted(set(self._schemas()))])
        if target.engine == "local":
            for database in dict.fromkeys(database for database, _ in schemas):
                name = quote_identifier(database)
                yield _plain("database", name, f"CREATE DATABASE IF NOT EXISTS {name}")
        for schema in schemas:
            yield _plain("schema", qualified(*schema), f"CREATE SCHEMA IF NOT EXISTS {qualified(*schema)}")
        yield _plain("context", qualified(*self.home), f"USE SCHEMA {qualified(*self.home)}")

    def suspend(self, graph: TaskGraph) -> ScriptStatement:
        name = self.name(graph.root.name)
        return _plain("suspend", name, suspend_task(name), graph=graph.settings.name)

    def deployed(self, node: Node) -> Iterator[ScriptStatement]:
        """A view or a dynamic table, or the empty table that one of them needs."""
        relation = node.relation
        if relation is None or relation.schema is None:
            raise ValueError(f"{node.name} is made by a task")
        name = qualified(relation.database, relation.schema, relation.name)
        if node.graph is not None:
            yield _plain("empty_table", name, empty_table(self.context, node, name), node.file.path)
            return
        query = body(self.context, node, {}, node.facts.statements[0])
        if node.materialized == "dynamic_table":
            sql = create_dynamic_table(name, self._dynamic(node), _comment(node), query)
            yield self.marked("dynamic_table", name, sql, node.file.path)
        else:
            flags = {key: flag(node, key) for key in ("secure", "copy_grants")}
            yield self.marked("view", name, create_view(name, _comment(node), query, **flags), node.file.path)

    def graph(self, graph: TaskGraph) -> Iterator[ScriptStatement]:
        for task in members(graph):
            if task.node is not None and task.node.file.kind == "python_task":
                yield self.procedure(task, task.node, graph)
        for task in members(graph):
            yield from self.task(task, graph)

    def procedure(self, task: Task, node: Node, graph: TaskGraph) -> ScriptStatement:
        name = self.name(task.name)
        written = code(self.context, node, self.modules)
        wanted = list(node.header.get("packages", ()))
        text = ProcedureText(
            name=name,
            runtime_version=str(node.header.get("runtime_version", DEFAULT_RUNTIME)),
            packages=(*(p for p in _PACKAGES if not _has(wanted, p)), *wanted),
            imports=node.header.get("imports", ()),
            integrations=[quote_identifier(fold(one)) for one in node.header.get("external_access_integrations", ())],
            secrets=node.header.get("secrets", {}),
            comment=_placeholder(task.comment),
            code=written.text,
        )
        made = self.marked("procedure", f"{name}()", create_procedure(text), node.file.path)
        return replace(made, graph=graph.settings.name, code_map=written.code_map)

    def task(self, task: Task, graph: TaskGraph) -> Iterator[ScriptStatement]:
        name = self.name(task.name)
        path = task.node.file.path if task.node else PROJECT
        text = TaskText(
            name=name,
            options=task.options,
            comment=_placeholder(task.comment),
            after=[self.name(one) for one in task.after],
            finalize=self.name(task.finalize) if task.finalize else None,
            when=task.when,
            body=self.task_body(task, graph),
        )
        altered = alter_task(name, task.options)
        made = self.marked("task", name, create_task(text), path, also=altered or "")
        yield replace(made, graph=graph.settings.name)
        if altered:
            yield _plain("alter_task", name, altered, path, graph.settings.name)

    def task_body(self, task: Task, graph: TaskGraph) -> str:
        if task.node is None and task.finalize:
            return finalizer_body(graph.settings, self.project)
        if task is graph.root and task.node is None:
            return root_body(graph.settings, self.project)
        if task.node is None:
            return f"SELECT {quote_string(task.comment)}"
        if task.node.file.kind == "python_task":
            return f"CALL {self.name(task.name)}()"
        return sql_body(self.context, [*task.fused, task.node])

    def resume(self, graph: TaskGraph) -> Iterator[ScriptStatement]:
        finalizer = (graph.finalizer,) if graph.finalizer else ()
        root = graph.root
        starts = root.options.get("schedule") is not None or is_triggered(root.options, root.when)
        for task in (*finalizer, *graph.tasks, *((root,) if starts else ())):
            name = self.name(task.name)
            path = task.node.file.path if task.node else PROJECT
            yield _plain("resume", name, resume_task(name), path, graph.settings.name)

    def name(self, task: str) -> str:
        return qualified(*self.home, task)

    def marked(self, kind: StatementKind, name: str, sql: str, path: str, also: str = "") -> ScriptStatement:
        """The statement with its fingerprint in its COMMENT: a hash of everything else that it says."""
        fingerprint = blake2b(f"{sql}\n{also}".encode(), digest_size=6).hexdigest()
        mark = f"[neve:{self.project.name}/{self.project.target.name}:{fingerprint}]"
        return ScriptStatement(kind, name, sql.replace(_HERE, mark, 1), path, fingerprint)

    def _schemas(self) -> Iterator[tuple[str, str]]:
        for node in self.context.nodes.values():
            if node.relation and node.relation.schema and node.materialized != "ephemeral":
                yield node.relation.database, node.relation.schema

    def _dynamic(self, node: Node) -> list[tuple[str, str]]:
        warehouse = node.header.get("warehouse") or self.project.target.warehouse
        lag = str(node.header.get("target_lag") or "DOWNSTREAM")
        options = [("TARGET_LAG", "DOWNSTREAM" if lag.upper() == "DOWNSTREAM" else quote_string(lag))]
        if warehouse:
            options.append(("WAREHOUSE", quote_identifier(fold(str(warehouse)))))
        modes = (key for key in ("refresh_mode", "initialize") if node.header.get(key))
        return [*options, *((key.upper(), str(node.header.get(key)).upper()) for key in modes)]


_NOTES = {"empty_table": ", empty until its task runs: what follows reads it"}
_HERE = "[neve:]"
"""Where a fingerprint will stand while its statement is being hashed."""


def _is_deployed(node: Node) -> bool:
    return node.graph is None and node.materialized != "ephemeral"


def _plain(kind: StatementKind, name: str, sql: str, path: str = PROJECT, graph: str | None = None) -> ScriptStatement:
    return ScriptStatement(kind, name, sql, path, graph=graph)


def _comment(node: Node) -> str:
    return _placeholder(description(node))


def _placeholder(comment: str) -> str:
    return f"{_MARK.sub('', comment).strip()} {_HERE}".strip()


def _has(packages: list[str], name: str) -> bool:
    return any(re.split(r"[=<>~!\s]", package, maxsplit=1)[0] == name for package in packages)


def _text(project: Project, sections: list[tuple[str, list[ScriptStatement]]]) -> str:
    parts = [
        f"-- Project {project.name}, target {project.target.name}.\n",
        "-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.\n",
    ]
    for title, statements in sections:
        if title and statements:
            parts.append(f"\n-- {title}\n")
        path = PROJECT if title else ""
        for statement in statements:
            if not title and (statement.path != path or statement.kind != "alter_task"):
                parts.append(heading(statement))
            path = statement.path
            parts += [statement.sql, ";\n"]
    return "".join(parts)
