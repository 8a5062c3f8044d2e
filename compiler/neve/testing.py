"""A project deployed for tests: what the fixtures of `neve.pytest_plugin` hand out."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neve.cli.deploy import refuse_conflicts, script_of
from neve.cli.names import read_names, root_of
from neve.compile import compile_project
from neve.deploy.apply import apply, read_plan
from neve.deploy.connect import Account, Row, local_arguments, open_account, running_engine, stop_engine
from neve.deploy.errors import NeveError, Usage
from neve.deploy.seed import load_seeds, seed_files
from neve.diagnostics import text
from neve.discover import reader
from neve.graph import members
from neve.ir import Compiled
from neve.runs import start
from neve.runs.model import Run, TaskRun


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """A local engine that runs: the folder whose .neve/engine it keeps its state in, and how it is reached.

    `connection` are arguments of `snowflake.connector.connect`, and configs of a Snowpark session.
    """

    root: Path
    connection: Mapping[str, Any] = field(repr=False)


@contextmanager
def engine_of(root: Path) -> Iterator[LocalEngine]:
    """The engine of a folder: the one that runs, which stays; else a new one, which is stopped at the end.

    Raises Unreachable when it does not start.
    """
    ran_before = running_engine(root) is not None
    try:
        yield LocalEngine(root, local_arguments(root))
    finally:
        if not ran_before:
            stop_engine(root)


@dataclass(frozen=True, slots=True)
class GraphRun:
    """A finished run of a graph.

    `tasks` has every task of the graph, by the name of its file (the root's is the graph's): state, return_value,
    error_message, … as Snowflake's history tells them; one that the run never came to has the state NOT_EXECUTED,
    as SYSTEM$TASK_COMPLETION_STATE calls it (fact sheet 3.3). Files that share a task share its run.
    """

    run: Run
    tasks: Mapping[str, TaskRun]
    account: Account = field(repr=False)

    @property
    def state(self) -> str:
        return self.run.state

    def query(self, sql: str) -> list[Row]:
        """The rows of one statement, by column name in lower case. Raises neve.deploy.errors.SqlError."""
        return self.account.execute(sql)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A project, compiled, seeded and applied to a local engine."""

    root: Path
    compiled: Compiled
    account: Account = field(repr=False)

    def query(self, sql: str) -> list[Row]:
        """The rows of one statement, by column name in lower case. Raises neve.deploy.errors.SqlError."""
        return self.account.execute(sql)

    def run(
        self, graph: str, config: Mapping[str, Any] | None = None, as_of: str | None = None, timeout: float = 600
    ) -> GraphRun:
        """Runs a graph to its end, failed or not; automatic retries are part of it.

        `config` is laid over the graph's own for this run; `as_of` is an ISO time for the config key of that name.
        Raises Usage for a graph that is not there, TimeoutError after so many seconds.
        """
        project = self.compiled.project
        root = root_of(project, graph)
        given = dict(config or {}) | ({"as_of": start.as_of(as_of)} if as_of is not None else {})
        patience = start.Patience(0.05, start.automatic_retries(project.graphs[graph]), timeout)
        started = start.execute(self.account, root, given)
        (last,) = deque(start.watch(self.account, root, started, patience), maxlen=1)
        return GraphRun(last, self._tasks(graph, last), self.account)

    def _tasks(self, graph: str, run: Run) -> Mapping[str, TaskRun]:
        names, ran = read_names(self.compiled.project, self.root), {task.name: task for task in run.tasks}
        tasks: dict[str, TaskRun] = {}
        for task in members(self.compiled.graphs[graph]):
            found = ran.get(task.name, TaskRun(task.name, "NOT_EXECUTED", run.attempt))
            tasks |= dict.fromkeys((names.task(task.name), *(node.name for node in task.fused)), found)
        return tasks


@contextmanager
def deployed(root: Path, target: str | None, engine: Callable[[], LocalEngine]) -> Iterator[Deployed]:
    """The project in `root` on an engine, which is asked for once the project is compiled.

    Raises NeveError: what is wrong with the project, as `neve compile` says it; or what seed and apply say.
    """
    compiled = _compile(root, target)
    project = compiled.project
    with open_account(project.target, engine().root) as account:
        if seed_files(root):
            deque(load_seeds(account, project, root), maxlen=0)
        plan = read_plan(script_of(compiled), account, project)
        refuse_conflicts(plan)
        if plan.steps:
            apply(plan, account)
        yield Deployed(root, compiled, account)


def _compile(root: Path, target: str | None) -> Compiled:
    compiled, findings = compile_project(root, target)
    if compiled is None or findings.errors:
        raise NeveError(text.render(findings, reader(root)))
    if compiled.project.target.engine != "local":
        name = compiled.project.target.name
        raise Usage(f"tests run on the local engine, and target {name!r} is on Snowflake", "neve_target = local")
    return compiled
