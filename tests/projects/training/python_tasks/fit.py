"""---
packages: [scikit-learn==1.6.1, snowflake.core]
runtime_version: "3.12"
---
Fit a line.
"""

from __future__ import annotations

import shapes
from sklearn.linear_model import LinearRegression
from tables import POINTS, load

TRAIN = "train"


def main(session, run):
    rows = session.table(TRAIN).to_pandas()
    extra = session.sql(f"select * from {POINTS} join raw.points p using (x) where x > {run.config['rows']}")
    line = LinearRegression().fit(rows[["X"]], rows["Y"])
    session.create_dataframe(shapes.of(line)).write.mode("append").save_as_table("lines")
    return {"slope": line.coef_[0], "extra": extra.count(), "all": load(session).count()}
