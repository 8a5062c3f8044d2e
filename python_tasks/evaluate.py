"""---
packages: [snowflake-ml-python, scikit-learn]
after: train
---
Judge the model by the transactions it has not seen, and keep accuracy and F1 with its version.
"""

from fraud_features import LABEL, MODEL, PREDICTION, registry
from sklearn.metrics import accuracy_score, f1_score


def main(session, run):
    version = registry(session, run).get_model(MODEL).version(run.returned("setup")["version"])
    judged = version.run(session.table("test_data"), function_name="predict").to_pandas()
    accuracy = accuracy_score(judged[LABEL], judged[PREDICTION])
    version.set_metric("accuracy", round(accuracy, 6))
    version.set_metric("f1", round(f1_score(judged[LABEL], judged[PREDICTION]), 6))
    return round(accuracy, 6)
