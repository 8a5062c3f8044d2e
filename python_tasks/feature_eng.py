"""---
packages: [snowflake-ml-python]
---
Scale the numbers to the range from 0 to 1, in the warehouse.
"""

from fraud_features import SCALED
from snowflake.ml.modeling.preprocessing import MinMaxScaler


def main(session, run):
    transactions = session.table("transactions")
    scaler = MinMaxScaler(input_cols=SCALED, output_cols=SCALED).fit(transactions)
    scaler.transform(transactions).write.save_as_table("features", mode="overwrite")
    return f"{run.schema}.FEATURES"
