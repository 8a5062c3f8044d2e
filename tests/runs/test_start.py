from datetime import UTC, datetime, timedelta

import pytest

from neve.deploy.errors import NeveError, SqlError, Usage
from neve.runs import start
from neve.runs.history import runs_of
from neve.runs.model import RootTask

ROOT = RootTask("DB", "S", "R")
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


class Service:
    """A task service of which each look at the history sees the next of the prepared states."""

    def __init__(self, *looks):
        self.looks = list(looks)
        self.said = []
        self.current = ([], [])

    def execute(self, sql):
        self.said.append(sql)
        if "CURRENT_TIMESTAMP" in sql:
            return [{"now": NOON}]
        if "COMPLETE_TASK_GRAPHS" in sql:
            self.current = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
            return self.current[1]
        return self.current[0] if "TASK_HISTORY" in sql else []


def task(name, state, *, group="g", attempt=1, at=NOON, by="EXECUTE TASK"):
    return {
        "name": name, "database_name": "DB", "schema_name": "S", "state": state, "error_code": None,
        "error_message": None, "scheduled_time": at, "query_start_time": at, "completed_time": at,
        "root_task_id": "id", "run_id": int(at.timestamp() * 1000), "return_value": None, "scheduled_from": by,
        "attempt_number": attempt, "config": None, "graph_run_group_id": group,
    }  # fmt: skip


def done(state, attempt=1, group="g"):
    return {"root_task_name": "R", "database_name": "DB", "schema_name": "S", "state": state,
            "attempt_number": attempt, "graph_run_group_id": group}  # fmt: skip


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch):
    monkeypatch.setattr(start.time, "sleep", lambda _seconds: None)


def watch(service, started, **patience):
    return list(start.watch(service, ROOT, started, start.Patience(0.1, **patience)))


def test_a_run_is_watched_until_the_service_calls_it_finished():
    service = Service(
        ([], []),
        ([task("R", "EXECUTING")], []),
        ([task("R", "SUCCEEDED")], []),
        ([task("R", "SUCCEEDED"), task("R$A", "SUCCEEDED")], [done("SUCCEEDED")]),
    )
    seen = watch(service, start.execute(service, ROOT, {}))
    assert [run.state for run in seen] == ["EXECUTING", "SUCCEEDED", "SUCCEEDED"]
    assert [len(run.tasks) for run in seen] == [1, 1, 2]
    assert "EXECUTE TASK DB.S.R" in service.said


def test_our_run_is_the_first_that_execute_task_started_from_then_on():
    started = start.execute(Service(([], [])), ROOT, {})
    second = timedelta(seconds=1)
    rows = [
        task("R", "SUCCEEDED", group="before", at=NOON - second),
        task("R", "SUCCEEDED", group="by its schedule", at=NOON, by="SCHEDULE"),
        task("R", "EXECUTING", group="ours", at=NOON.replace(microsecond=123000)),
        task("R", "SCHEDULED", group="somebody's after us", at=NOON + second),
    ]
    assert started.find(runs_of(rows, [], ["R"])).run_group_id == "ours"
    assert started.find(runs_of(rows[:2], [], ["R"])) is None


def test_config_goes_along_as_json():
    service = Service(([], []))
    start.execute(service, ROOT, {"min_accuracy": 0.9, "note": "it's"})
    assert service.said[-1] == 'EXECUTE TASK DB.S.R USING CONFIG = $${"min_accuracy": 0.9, "note": "it\'s"}$$'
    start.execute(service, ROOT, {"price": "$$"})
    assert service.said[-1] == """EXECUTE TASK DB.S.R USING CONFIG = '{"price": "$$"}'"""


def test_a_retry_is_the_next_attempt_of_the_same_group():
    first = [task("R", "SUCCEEDED"), task("R$A", "FAILED")]
    (last,) = runs_of(first, [done("FAILED")], ["R"])
    second = [*first, task("R$A", "SUCCEEDED", attempt=2, by="MANUAL RETRY", at=NOON + timedelta(minutes=1))]
    service = Service((first, [done("FAILED")]), (second, [done("FAILED"), done("SUCCEEDED", 2)]))
    seen = watch(service, start.retry(service, ROOT, last))
    assert [(run.attempt, run.state) for run in seen] == [(2, "SUCCEEDED")]
    assert service.said[0] == "EXECUTE TASK DB.S.R RETRY LAST"


def test_an_automatic_retry_is_waited_for():
    failed = ([task("R", "FAILED")], [done("FAILED")])
    again = ([task("R", "FAILED"), task("R", "EXECUTING", attempt=2)], [done("FAILED")])
    mended = ([task("R", "FAILED"), task("R", "SUCCEEDED", attempt=2)], [done("FAILED"), done("SUCCEEDED", 2)])
    service = Service(failed, failed, again, mended)
    seen = watch(service, start.execute(service, ROOT, {}), retries=1)
    assert (seen[-1].state, seen[-1].attempt) == ("SUCCEEDED", 2)
    assert watch(Service(failed), start.execute(Service(failed), ROOT, {}), retries=0)[-1].state == "FAILED"


def test_a_run_is_found_when_it_is_retried_already_at_the_first_look():
    again = task("R", "EXECUTING", attempt=2, by="AUTOMATIC RETRY", at=NOON + timedelta(seconds=1))
    started = start.execute(Service(([], [])), ROOT, {})
    assert started.find(runs_of([task("R", "FAILED"), again], [], ["R"])).attempt == 2


def test_patience_ends():
    service = Service(([task("R", "EXECUTING")], []))
    with pytest.raises(TimeoutError):
        watch(service, start.execute(service, ROOT, {}), timeout=0)


def test_a_graph_that_is_not_deployed_is_told_so():
    class Empty(Service):
        def execute(self, sql):
            if sql.startswith("EXECUTE"):
                raise SqlError("Task 'DB.S.R' does not exist or not authorized.", 2003, "02000")
            return super().execute(sql)

    with pytest.raises(NeveError, match=r"DB\.S\.R is not deployed") as error:
        start.execute(Empty(([], [])), ROOT, {})
    assert error.value.hint == "neve apply"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-03-11", "2024-03-11 00:00:00"),
        ("2024-03-11 06:30", "2024-03-11 06:30:00"),
        ("2024-03-11T06:00:00+01:00", "2024-03-11 05:00:00"),
        ("2024-03-11T06:00:00Z", "2024-03-11 06:00:00"),
    ],
)
def test_as_of_takes_iso_times_and_gives_utc(text, told):
    assert start.as_of(text) == told


def test_as_of_refuses_what_is_no_time():
    with pytest.raises(Usage, match="'yesterday' is no time"):
        start.as_of("yesterday")
