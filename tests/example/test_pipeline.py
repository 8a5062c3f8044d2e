"""The example as a whole, on the local engine: what a run computes, which branch it takes, what it leaves behind."""

import json

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]

MODEL = "DAG_RUNS.SCHEDULED_RUNS.FRAUD_DETECTION_XGB"
STEPS = ("setup", "transactions", "feature_eng", "split_data", "train", "evaluate", "check_accuracy")


def states(run):
    return {name: task.state for name, task in run.tasks.items()}


def versions(clone, model=MODEL):
    return {row["name"]: row for row in clone.sql(f"SHOW VERSIONS IN MODEL {model}")}


def default(clone, model=MODEL):
    return next(name for name, row in versions(clone, model).items() if row["is_default_version"] == "true")


def test_every_step_of_the_first_run_succeeds(first):
    assert first.state == "SUCCEEDED"
    assert dict.fromkeys((*STEPS, "mark_model_golden", "cleanup"), "SUCCEEDED").items() <= states(first).items()


def test_window_is_the_last_seven_days(first):
    window = json.loads(first.tasks["setup"].return_value)
    assert (window["from"], window["to"]) == ("2024-03-04 00:00:00", "2024-03-11 00:00:00")


def test_accuracy_and_f1_are_kept_with_the_version(deployed, first):
    version = json.loads(first.tasks["setup"].return_value)["version"].upper()
    metrics = json.loads(versions(deployed)[version]["metadata"])["metrics"]
    assert metrics["accuracy"] == float(first.tasks["evaluate"].return_value)
    assert 0.99 < metrics["accuracy"] < 1
    assert 0.8 < metrics["f1"] < 0.97


def test_schema_of_a_run_that_succeeded_is_gone(deployed, first):
    assert first.tasks["feature_eng"].return_value.split(".")[1] not in deployed.schemas()


def test_high_bar_skips_the_golden_mark_and_keeps_the_default(deployed, first, run_graph):
    before = default(deployed)
    run = run_graph("daily_training", config={"min_accuracy": 0.9999})
    assert run.state == "SUCCEEDED"
    assert run.tasks["check_accuracy"].return_value == "keep_the_golden_model"
    assert states(run)["mark_model_golden"] == "SKIPPED"
    assert default(deployed) == before
    assert len(versions(deployed)) >= 2


def test_other_days_give_another_window_and_another_model(first, run_graph):
    run = run_graph("daily_training", as_of="2024-03-10")
    assert json.loads(run.tasks["setup"].return_value)["to"] == "2024-03-10 00:00:00"
    assert run.tasks["evaluate"].return_value != first.tasks["evaluate"].return_value


def test_failed_run_is_explained_kept_mended_and_retried(deployed, first, run_graph):
    failed = run_graph("daily_training", config={"min_training_rows": 1_000_000})
    assert failed.state == "FAILED"
    assert states(failed)["train"] == "FAILED"
    assert states(failed)["cleanup"] == "SUCCEEDED"
    assert "fewer than min_training_rows" in failed.tasks["train"].error_message
    why = deployed.neve("why", "daily_training")
    line = next(i for i, text in enumerate(task_lines(deployed), 1) if "raise ValueError" in text)
    assert f"python_tasks/train.py:{line}" in why
    schema = failed.tasks["feature_eng"].return_value
    assert_split(deployed, schema.removesuffix(".FEATURES"))

    mend(deployed)
    deployed.neve("apply", "--auto-approve")
    retried = deployed.run("retry", "daily_training")
    assert retried["state"] == "SUCCEEDED"
    assert retried["attempt"] == failed.run.attempt + 1
    ran_again = {name for name, task in retried["tasks"].items() if task["attempt"] == retried["attempt"]}
    assert {"train", "evaluate", "check_accuracy", "mark_model_golden", "cleanup"} <= ran_again
    assert not {"setup", "transactions", "feature_eng", "split_data"} & ran_again
    assert schema.split(".")[1] not in deployed.schemas()


def task_lines(clone):
    return (clone.folder / "python_tasks/train.py").read_text().splitlines()


def mend(clone):
    """Nobody asks for so many rows any more."""
    path = clone.folder / "python_tasks/train.py"
    path.write_text(path.read_text().replace('run.config["min_training_rows"]:', "10:"))


def assert_split(clone, schema):
    """Training and test data share no row and are the features, on the tables of a run."""
    (counted,) = clone.sql(
        f"""
        SELECT
          (SELECT COUNT(*) FROM {schema}.TRAINING_DATA) AS training,
          (SELECT COUNT(*) FROM {schema}.TEST_DATA) AS test,
          (SELECT COUNT(*) FROM {schema}.FEATURES) AS features,
          (SELECT COUNT(DISTINCT transactionid) FROM (
             SELECT transactionid FROM {schema}.TRAINING_DATA UNION ALL SELECT transactionid FROM {schema}.TEST_DATA
          )) AS either
        """
    )
    assert counted["TRAINING"] + counted["TEST"] == counted["FEATURES"] == counted["EITHER"]
    assert counted["TEST"] / counted["FEATURES"] == pytest.approx(0.2, abs=0.02)


def test_second_target_runs_beside_the_first_on_the_same_engine(deployed, first):
    before = versions(deployed)
    deployed.neve("apply", "-t", "dev", "--auto-approve")
    run = deployed.run("run", "daily_training", "-t", "dev")
    assert run["state"] == "SUCCEEDED"
    assert len(versions(deployed, "DEV_DAG_RUNS.SCHEDULED_RUNS.FRAUD_DETECTION_XGB")) == 1
    assert versions(deployed).keys() == before.keys()
