"""---
packages: [snowflake-ml-python, xgboost]
---
Train the fraud model on the training split and log it in the registry.
"""

from fraud_features import FEATURES, LABEL, MODEL, PREDICTION, registry
from snowflake.ml.modeling.xgboost import XGBClassifier


def main(session, run):
    rows = session.table("training_data").sort("transactionid").to_pandas()  # the same order, the same model
    if len(rows) < run.config["min_training_rows"]:
        raise ValueError(
            f"{len(rows)} transactions to train on, fewer than min_training_rows, {run.config['min_training_rows']}: "
            "look whether the window of `setup` reaches days without data, or run with a lower min_training_rows"
        )
    classifier = XGBClassifier(
        input_cols=FEATURES,
        label_cols=[LABEL],
        output_cols=[PREDICTION],
        n_estimators=100,
        max_depth=4,
        random_state=42,
    )
    # The last act: a run that failed before it left no version behind, so its retry can make one.
    registry(session, run).log_model(
        classifier.fit(rows),
        model_name=MODEL,
        version_name=run.returned("setup")["version"],
        comment=f"Trained on {len(rows)} transactions",
        target_platforms=["WAREHOUSE"],
        options={"relax_version": True},
    )
