# A model is trained; the registry is no table.
# reads: TRAINING.FEATURES
# inserts: TRAINING.RUNS
# asks: SETUP
# returns: yes
from snowflake.ml.registry import Registry
from xgboost import XGBClassifier


def main(session, run):
    version = run.returned("SETUP")["version"]
    frame = session.table("training.features").to_pandas()
    model = XGBClassifier(n_estimators=10).fit(frame.drop(columns="Y"), frame["Y"])
    registry = Registry(session=session, database_name="ML", schema_name="MODELS")
    registry.log_model(model, model_name="churn", version_name=version, sample_input_data=frame.head())
    session.create_dataframe([[version, len(frame)]], schema=["v", "n"]).write.save_as_table(
        "training.runs", mode="append"
    )
    return {"version": version, "rows": len(frame)}
