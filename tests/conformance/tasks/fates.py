"""An engine whose tasks end as fate says, compared with the model: only the bodies of the tasks are not its own."""

from collections import Counter
from time import sleep

from tests.conformance.tasks.model import CANCELLED, DONE, FINALIZER, ROOT
from tests.conformance.tasks.random_graphs import expected, statements

from neve.local.errors import SqlError


class FatedEngine:
    def __init__(self, sql):
        self.sql, self.tasks = sql, sql.tasks
        self.schema = sql.prefix.rstrip(".").split(".")
        self.graph, self.ran = None, Counter()

    def end_body(self, run, _session):
        """Stands for the body of a task."""
        name = run.task.name
        node = {ROOT: self.graph.root, FINALIZER: self.graph.finalizer, **self.graph.children}[name]
        ending = node.fate[min(self.ran[name], len(node.fate) - 1)]
        self.ran[name] += 1
        if ending != DONE:
            raise SqlError(604 if ending == CANCELLED else 100051, "22012", "as fate has it")
        run.return_value = str(self.ran[name])

    def build(self, graph):
        self.tasks.catalog.drop_schema(*self.schema)
        self.graph, self.ran = graph, Counter()
        self.sql(*statements(graph))

    def act(self, action):
        """The code of the refusal, or None."""
        try:
            if action == "resume":
                sleep(0.002)  # runs are told apart from RESUME by the millisecond
                self.sql(f"ALTER TASK {ROOT} RESUME")
            elif action == "retry":
                self.sql(f"EXECUTE TASK {ROOT} RETRY LAST")
                self.wait()
            else:
                self.sql(f"EXECUTE TASK {ROOT} AWAIT")
        except SqlError as error:
            return error.code
        return None

    def wait(self):
        for run in self.tasks.records.unfinished_graphs():
            assert self.tasks.runner.wait(run, 20)

    def groups(self):
        """For each graph run its attempts: (cause, state, states of its task runs)."""
        found, records = {}, self.tasks.records
        for run in records.graphs("root_id = ? ORDER BY group_id, attempt", self.root().id):
            rows = {row.name: row.state for row in records.tasks_of(run.group_id, run.attempt)}
            found.setdefault(run.group_id, []).append((run.scheduled_from, str(run.state), rows))
        return list(found.values())

    def root(self):
        return self.tasks.catalog.beside(*self.schema)[ROOT]


def check(engine, graph, actions):
    """Lets the engine and the model do the same."""
    account, refusals = expected(graph, actions)
    engine.build(graph)
    assert [engine.act(action) for action in actions] == refusals
    assert engine.groups() == [
        [(attempt.cause, attempt.state, attempt.rows) for attempt in group.attempts] for group in account.groups
    ]
    assert engine.root().is_started == account.is_started
    assert engine.ran == account.ran
