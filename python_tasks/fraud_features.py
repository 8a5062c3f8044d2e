"""What the Python tasks share: the columns, the model's name, the way to the registry."""

SCALED = ["LIMIT_USED", "DAILY_COUNT", "HOUR_OF_DAY"]
FEATURES = [*SCALED, "PREFERRED"]
LABEL = "ISFRAUD"
PREDICTION = "PREDICTED_FRAUD"
MODEL = "FRAUD_DETECTION_XGB"


def registry(session, run):
    """The model registry beside the task graph: models outlive the schema of the run that made them."""
    from snowflake.ml.registry import Registry

    database, schema, _ = run.get_current_root_task_name().split(".")
    return Registry(session, database_name=database, schema_name=schema)
