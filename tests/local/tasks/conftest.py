"""A schema of its own for every test, in one engine for every file."""

import re

import pytest
from tests.engines import own_schema

from neve.local.errors import SqlError

OK, FAILS = "SELECT 1", "SELECT 1/0"


class Schema:
    """Runs statements in a schema, and says in short what came out."""

    def __init__(self, engine, database="D", schema="S"):
        self.engine = engine
        self.tasks = engine.services["tasks"]
        self.prefix = f"{database}.{schema}."
        self.session = engine.open_session(database, schema)

    def __call__(self, *statements):
        """The rows of the last statement, by column."""
        results = [self.session.execute(statement) for statement in statements]
        return results[-1].dicts()

    def status(self, statement):
        return self(statement)[0]["status"]

    def value(self, query):
        return self.session.execute(query).rows[0][0]

    def refusal(self, statement):
        with pytest.raises(SqlError) as caught:
            self(statement)
        return caught.value

    def refuses(self, statement):
        """The text of the refusal."""
        return self.refusal(statement).message

    def shown(self, task, column=None):
        """A row of SHOW TASKS, or one field of it."""
        (row,) = [row for row in self("SHOW TASKS") if row["name"] == task]
        return row[column] if column else row

    def started(self):
        return {row["name"] for row in self("SHOW TASKS") if row["state"] == "started"}

    def create(self, *tasks):
        self(*(f"CREATE TASK {task}" for task in tasks))

    def graph(self, *tasks, resume=True):
        """Creates tasks (the root first) and resumes those below the root."""
        self.create(*tasks)
        if resume:
            below = [re.match(r'"[^"]+"|\S+', task)[0] for task in tasks[1:]]
            self(*(f"ALTER TASK {name} RESUME" for name in below), "SELECT 1")

    def run(self, root="R", using=""):
        """Executes a graph to its end; the states of its tasks in the last attempt."""
        self(f"EXECUTE TASK {root} {using} AWAIT")
        return self.states(root)

    def retry(self, root="R"):
        self(f"EXECUTE TASK {root} RETRY LAST")
        self.settle(root)
        return self.states(root)

    def settle(self, root="R"):
        """Waits until nothing of a graph runs or is queued."""
        root_id = self.shown(root, "id")
        for run in self.tasks.records.unfinished_graphs():
            assert run.root_id != root_id or self.tasks.runner.wait(run, 10)

    def history(self, **filters):
        arguments = ", ".join(f"{name} => {value}" for name, value in {"RESULT_LIMIT": 1000, **filters}.items())
        rows = self(f"SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY({arguments}))")
        return [row for row in rows if f"{row['DATABASE_NAME']}.{row['SCHEMA_NAME']}." == self.prefix]

    def graphs(self, kind="COMPLETE"):
        rows = self(f"SELECT * FROM TABLE(INFORMATION_SCHEMA.{kind}_TASK_GRAPHS())")
        return [row for row in rows if f"{row['DATABASE_NAME']}.{row['SCHEMA_NAME']}." == self.prefix]

    def last(self, root="R"):
        """The latest attempt of a graph, as COMPLETE_TASK_GRAPHS shows it."""
        runs = [row for row in self.graphs() if row["ROOT_TASK_NAME"] == root]
        return max(runs, key=lambda row: (row["GRAPH_RUN_GROUP_ID"], row["ATTEMPT_NUMBER"]))

    def states(self, root="R"):
        rows = [row for row in self.history(ROOT_TASK_ID=f"'{self.shown(root, 'id')}'") if row["STATE"] != "SCHEDULED"]
        latest = max((row["GRAPH_RUN_GROUP_ID"], row["ATTEMPT_NUMBER"]) for row in rows)
        return {
            row["NAME"]: row["STATE"] for row in rows if (row["GRAPH_RUN_GROUP_ID"], row["ATTEMPT_NUMBER"]) == latest
        }

    def row(self, task):
        """The newest row of a task in TASK_HISTORY."""
        return max(self.history(TASK_NAME=f"'{task}'"), key=lambda row: (row["RUN_ID"], row["ATTEMPT_NUMBER"]))


@pytest.fixture
def sql(engine):
    return Schema(engine, "D", own_schema(engine))
