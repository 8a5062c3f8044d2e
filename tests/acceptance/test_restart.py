"""What an engine knows outlives its process, stopped or killed."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.engine


def states(run):
    return {task["name"]: (task["state"], task["attempt"]) for task in run["tasks"]}


def runs(place):
    return {run["run_id"]: run for run in place.json("runs")["runs"]}


def deployed(place):
    """Tasks and procedures as SHOW gives them."""
    return [place.sql(f"SHOW {kind} IN SCHEMA NIGHTS.JOBS") for kind in ("TASKS", "USER PROCEDURES")]


def kill(place):
    pid = place.json("engine", "status")["pid"]
    os.kill(pid, signal.SIGKILL)
    place.wait_for(lambda: place.type("engine", "status").returncode == 69)
    return pid


def wait_for_dream(place):
    """Until the task `dream` is at work."""
    states = "SELECT state FROM TABLE(NIGHTS.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'NIGHTLY$DREAM'))"
    place.wait_for(lambda: {"STATE": "EXECUTING"} in place.sql(states))


def test_runs_tasks_and_procedures_survive_a_stop(night):
    run = night.json("run", "nightly")
    before = deployed(night)
    assert [len(rows) for rows in before] == [5, 1]
    night.neve("engine", "stop")
    assert night.type("engine", "status").returncode == 69
    assert runs(night)[run["run_id"]] == run
    assert deployed(night) == before
    assert night.neve("plan").startswith("Nothing to do")


def test_failed_run_is_retried_after_a_stop(night):
    failed = night.json("run", "nightly", "--config", "fail=true", code=1)
    night.neve("engine", "stop")
    night.edit("python_tasks/dream.py", 'raise ValueError("a nightmare")', "pass")
    night.neve("apply")
    retried = night.json("retry", "nightly")
    assert (retried["state"], retried["run_group_id"]) == ("SUCCEEDED", failed["run_group_id"])
    assert states(retried) == {
        "nightly": ("SUCCEEDED", 1),
        "count_sheep": ("SUCCEEDED", 1),
        "dream": ("SUCCEEDED", 2),
        "wake_up": ("SUCCEEDED", 2),
        "cleanup": ("SUCCEEDED", 2),
    }


def test_killed_engine_leaves_a_run_that_can_go_on(night):
    morning = night.root / "morning"
    begun = night.json("run", "nightly", "--no-wait", "--config", f"until={morning}")
    wait_for_dream(night)
    kill(night)
    broken = runs(night)[begun["run_id"]]
    assert broken["state"] == "FAILED"
    assert states(broken)["count_sheep"] == ("SUCCEEDED", 1)
    assert states(broken)["dream"] == ("FAILED", 1)
    assert "EXECUTING" not in {state for state, _ in states(broken).values()}
    assert "dream failed" in night.neve("why", "nightly")

    morning.touch()
    retried = night.json("retry", "nightly")
    assert (retried["state"], retried["attempt"]) == ("SUCCEEDED", 2)
    assert retried["run_group_id"] == begun["run_group_id"]
    assert states(retried)["count_sheep"] == ("SUCCEEDED", 1)
    assert states(retried)["dream"] == ("SUCCEEDED", 2)


def test_killed_engine_takes_its_children_along(night):
    night.neve("run", "nightly", "--no-wait", "--config", "until=never")
    wait_for_dream(night)
    pid = night.json("engine", "status")["pid"]
    family = descendants(pid)
    assert len(family) >= 2
    kill(night)
    night.wait_for(lambda: not any(is_alive(member) for member in family))


def test_one_who_waits_is_told_when_the_engine_is_killed(night):
    with ThreadPoolExecutor() as pool:
        watching = pool.submit(night.type, "run", "nightly", "--config", "until=never")
        wait_for_dream(night)
        kill(night)
        done = watching.result()
    assert done.returncode == 69
    assert "the local engine has stopped" in done.stderr
    assert "Traceback" not in done.stderr


def descendants(pid):
    """The processes below one, from /proc."""
    shown = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    below = {}
    for line in shown.splitlines():
        child, parent = map(int, line.split())
        below.setdefault(parent, []).append(child)
    found, left = [], [pid]
    while left:
        children = below.get(left.pop(), [])
        found += children
        left += children
    return found


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
