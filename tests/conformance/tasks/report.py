"""docs/conformance-tasks.md: each section of the fact sheet of tasks with its tests, and the readings chosen.

`python -m tests.conformance.tasks.report` writes it anew, in the repository's folder.
"""

import contextlib
import io
from collections import Counter
from pathlib import Path

import pytest

from neve.local.tasks.unconfirmed import READINGS

PAGE = Path("docs/conformance-tasks.md")
TESTS = ("tests/local", "tests/conformance")

SECTIONS = {
    "1.1": ("CREATE TASK: grammar", ""),
    "1.2": (
        "Options: defaults, ranges, refusals",
        "Warehouses, users and integrations need not exist: their names are recorded.",
    ),
    "1.2.1": ("SCHEDULE: intervals, cron, zones", ""),
    "1.2.2": ("Predecessors and finalizers", ""),
    "1.2.3": ("The body", "EXECUTE NOTEBOOK, EXECUTE DBT PROJECT and bodies in bare Python fail in plain words."),
    "1.2.4": ("Triggered tasks", ""),
    "1.3": ("CREATE OR ALTER TASK", ""),
    "1.4": ("CREATE OR REPLACE TASK", ""),
    "1.5": ("CLONE", "CREATE SCHEMA … CLONE is refused, so that no task is cloned with a schema."),
    "2.1": ("ALTER TASK", "UNSET DCM PROJECT is refused. No privileges are checked."),
    "2.2": ("Frozen versions", ""),
    "2.3": ("DROP TASK", ""),
    "2.4": ("EXECUTE TASK: config, retries", ""),
    "2.5": ("SHOW TASKS, DESCRIBE TASK, SHOW PARAMETERS", ""),
    "2.6": ("TASK_DEPENDENTS and the SYSTEM$ helpers", ""),
    "2.7": ("The TASK GRAPH object", "Left out: every statement about it is refused, and says so."),
    "3.1": ("What starts a run", ""),
    "3.2": ("Order and gating", ""),
    "3.3": ("PREDECESSORS_STATE, TASK_COMPLETION_STATE", ""),
    "3.4": ("Failure, retry, suspension, timeouts", ""),
    "3.5": ("The finalizer", ""),
    "3.6": ("Overlap", ""),
    "3.7": ("TASK_HISTORY", "SNOWFLAKE.ACCOUNT_USAGE is refused. Hashes of queries are NULL."),
    "3.8": ("CURRENT_TASK_GRAPHS, COMPLETE_TASK_GRAPHS", ""),
    "3.9": ("The run algorithm", "Random graphs against a model of it: 300 by `make test`, 2,000 by `make soak`."),
    "4.1": ("WHEN", ""),
    "4.2": ("SYSTEM$SET_RETURN_VALUE", ""),
    "4.3": ("SYSTEM$GET_PREDECESSOR_RETURN_VALUE", ""),
    "4.4": ("SYSTEM$GET_TASK_GRAPH_CONFIG", ""),
    "4.5": ("SYSTEM$TASK_RUNTIME_INFO", ""),
    "5": ("Limits", "Started tasks of an account are not counted; SHOW TASKS ends at 10,000 rows unproven."),
    "8": (
        "Privileges, codes, notifications",
        (
            "Grants are recorded and shown, never checked: 091089 and 003001 do not occur. Notifications are written "
            "to `notifications.jsonl` of the state folder."
        ),
    ),
}

HEAD = """# Tasks: what the engine is held to

The local engine follows what is known of Snowflake's task service, section by section. A test that shows a rule
carries the section's number (`@pytest.mark.fact("3.9")`); here is how many do. What a section has that a laptop can't
show, or that is left out, stands beside it.

| section | what it says | tests | not shown |
|---|---|---|---|
"""

UNCONFIRMED = """
## What nothing confirms

Snowflake's documentation does not settle these points, and no account was at hand. The reading chosen is the safer
one; each is decided in one place, `compiler/neve/local/tasks/unconfirmed.py`.

| section | what | reading chosen |
|---|---|---|
"""


class Facts:
    """Counts the collected tests by the sections they carry; the nearest mark counts."""

    def __init__(self):
        self.tests = Counter()

    def pytest_collection_modifyitems(self, items):
        for item in items:
            mark = item.get_closest_marker("fact")
            self.tests.update(mark.args if mark else ())


def collected():
    facts = Facts()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *TESTS], plugins=[facts])
    return facts.tests


def page(tests):
    unknown = sorted(tests.keys() - SECTIONS.keys())
    assert not unknown, f"no such section of the fact sheet: {unknown}"
    rows = [f"| {name} | {title} | {tests[name] or 'none'} | {note} |\n" for name, (title, note) in SECTIONS.items()]
    readings = [
        f"| {one.section} | {one.question} | {one.chosen} |\n"
        for one in sorted(READINGS, key=lambda one: [int(part) for part in one.section.split(".")])
    ]
    return HEAD + "".join(rows) + UNCONFIRMED + "".join(readings)


if __name__ == "__main__":
    PAGE.write_text(page(collected()), encoding="utf-8")
