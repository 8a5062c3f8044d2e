"""The example, from seeds to a model in the registry: what runs, what is told of it, and what is left of it."""

import json

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]

TASKS = ("daily_training", "setup", "transactions", "feature_eng", "split_data", "train", "evaluate", "check_accuracy",
         "mark_model_golden", "cleanup")  # fmt: skip
RUN_KEYS = {"graph", "run_id", "run_group_id", "attempt", "state", "scheduled_from", "config", "tasks"}
TASK_KEYS = {"name", "state", "attempt", "return_value", "error_code", "error_message", "scheduled_time", "started_at",
             "completed_at"}  # fmt: skip
MODEL = "DAG_RUNS.SCHEDULED_RUNS.FRAUD_DETECTION_XGB"


@pytest.fixture(scope="module")
def training(tmp_path_factory, new_place, copy_example):
    """The example with its data, applied."""
    place = copy_example(new_place(tmp_path_factory.mktemp("training")))
    try:
        place.neve("seed")
        place.neve("apply")
        yield place
    finally:
        place.stop()


@pytest.fixture(scope="module")
def first(training):
    return training.json("run", "daily_training", "--wait")


def tasks(run):
    return {task["name"]: task for task in run["tasks"]}


def states(run):
    return {name: task["state"] for name, task in tasks(run).items()}


def attempts(run):
    return {name: task["attempt"] for name, task in tasks(run).items()}


def version_of(run):
    return json.loads(tasks(run)["setup"]["return_value"])["version"].upper()


def versions(place):
    return {row["name"]: row for row in place.sql(f"SHOW VERSIONS IN MODEL {MODEL}")}


def default(place):
    return [name for name, row in versions(place).items() if row["is_default_version"] == "true"]


def schema_of(run):
    """The run's own schema, as the root returned it."""
    return tasks(run)["daily_training"]["return_value"]


def is_there(place, schema):
    database, _, name = schema.partition(".")
    return bool(place.sql(f"SHOW SCHEMAS LIKE '{name}' IN DATABASE {database}"))


def deployed(place, schema="DAG_RUNS.SCHEDULED_RUNS"):
    """Tasks with ids and times, and procedures."""
    return [place.sql(f"SHOW {kind} IN SCHEMA {schema}") for kind in ("TASKS", "USER PROCEDURES")]


def test_run_as_json(training, first):
    assert first.keys() >= RUN_KEYS
    assert (first["graph"], first["attempt"], first["state"]) == ("daily_training", 1, "SUCCEEDED")
    assert first["config"] == {
        "window_days": 7,
        "min_accuracy": 0.99,
        "min_training_rows": 5000,
        "as_of": "2024-03-11 00:00:00",
    }
    assert {frozenset(task) for task in first["tasks"]} == {frozenset(TASK_KEYS)}
    assert states(first) == dict.fromkeys(TASKS, "SUCCEEDED")
    (listed,) = [run for run in training.json("runs", "daily_training")["runs"] if run["run_id"] == first["run_id"]]
    assert listed == first


def test_tasks_run_in_their_order(first):
    ran = tasks(first)
    assert sorted(TASKS, key=lambda name: ran[name]["started_at"]) == list(TASKS)
    ends = [ran[name]["completed_at"] for name in TASKS[:-1]]
    begins = [ran[name]["started_at"] for name in TASKS[1:]]
    assert all(end <= begin for end, begin in zip(ends, begins, strict=True))


def test_model_above_the_bar_becomes_the_default(training, first):
    accuracy = float(tasks(first)["evaluate"]["return_value"])
    assert accuracy > 0.99
    assert tasks(first)["check_accuracy"]["return_value"] == "mark_model_golden"
    metrics = json.loads(versions(training)[version_of(first)]["metadata"])["metrics"]
    assert metrics["accuracy"] == accuracy
    assert 0 < metrics["f1"] < 1
    (told,) = [one for one in training.json("metrics")["versions"] if one["version"] == version_of(first)]
    assert told["metrics"] == metrics


def test_schema_of_a_run_that_succeeded_is_gone(training, first):
    assert schema_of(first).startswith("DAG_RUNS.RUN_")
    assert not is_there(training, schema_of(first))


def test_failed_run_outlives_a_restart_and_goes_on_once_mended(training, first):
    failed = training.json("run", "daily_training", "--config", "min_training_rows=1000000", code=1)
    assert failed["state"] == "FAILED"
    assert states(failed) == {
        **dict.fromkeys(TASKS[:5], "SUCCEEDED"),
        "train": "FAILED",
        "cleanup": "SUCCEEDED",
    }
    assert is_there(training, schema_of(failed))
    explained(training, failed)

    before, models = deployed(training), versions(training)
    training.neve("engine", "stop")
    assert training.json("runs")["runs"][0] == failed
    assert deployed(training) == before
    assert versions(training) == models

    training.edit("python_tasks/train.py", 'len(rows) < run.config["min_training_rows"]', "not len(rows)")
    training.neve("apply")
    retried = training.json("retry", "daily_training")
    assert retried["state"] == "SUCCEEDED"
    assert retried["run_group_id"] == failed["run_group_id"]
    assert schema_of(retried) == schema_of(failed)
    assert attempts(retried) == {**dict.fromkeys(TASKS[:5], 1), **dict.fromkeys(TASKS[5:], 2)}
    assert default(training) == [version_of(failed)]
    assert not is_there(training, schema_of(failed))
    assert "nothing to explain" in training.neve("why", "daily_training")


def explained(place, failed):
    """`neve why` names task, file and line, as text and as JSON."""
    source = (place.root / "python_tasks/train.py").read_text().splitlines()
    line = next(number for number, text in enumerate(source, 1) if "raise ValueError(" in text)
    text = place.neve("why", "daily_training")
    assert f"train failed in python_tasks/train.py:{line}" in text
    assert "fewer than min_training_rows, 1000000" in text
    assert "evaluate, check_accuracy, mark_model_golden" in text
    told = place.json("why", "daily_training")
    (cause,) = told["causes"]
    assert (cause["task"], cause["path"], cause["line"]) == ("train", "python_tasks/train.py", line)
    assert cause["error_message"] == tasks(failed)["train"]["error_message"]
    assert told["blocked"] == ["evaluate", "check_accuracy", "mark_model_golden"]


def test_config_and_time_change_what_a_run_computes(training, first):
    golden = default(training)
    run = training.json("run", "daily_training", "--config", "min_accuracy=0.9999", "--as-of", "2024-03-10")
    assert run["state"] == "SUCCEEDED"
    assert (run["config"]["min_accuracy"], run["config"]["as_of"]) == (0.9999, "2024-03-10 00:00:00")
    window = json.loads(tasks(run)["setup"]["return_value"])
    assert (window["from"], window["to"]) == ("2024-03-03 00:00:00", "2024-03-10 00:00:00")
    assert tasks(run)["check_accuracy"]["return_value"] == "keep_the_golden_model"
    assert states(run)["mark_model_golden"] == "SKIPPED"
    assert default(training) == golden
    assert version_of(run) in versions(training)


def test_second_target_stands_beside_the_first(training, first):
    local, other = deployed(training), "DEV_DAG_RUNS.SCHEDULED_RUNS"
    training.neve("seed", "-t", "dev")
    training.neve("apply", "-t", "dev")
    assert deployed(training) == local
    dev = deployed(training, other)
    assert [[row["name"] for row in rows] for rows in dev] == [[row["name"] for row in rows] for rows in local]

    training.edit("tasks/check_accuracy.sql", "keep_the_golden_model", "keep_the_old_model")
    training.neve("apply")
    assert deployed(training) != local
    assert deployed(training, other) == dev

    runs = training.json("runs")["runs"]
    run = training.json("run", "daily_training", "-t", "dev", "--config", "window_days=0", code=1)
    assert schema_of(run).startswith("DEV_DAG_RUNS.RUN_")
    assert [one["run_id"] for one in training.json("runs", "-t", "dev")["runs"]] == [run["run_id"]]
    assert training.json("runs")["runs"] == runs
