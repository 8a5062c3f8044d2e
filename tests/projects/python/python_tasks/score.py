"""---
packages: [pandas]
---
Score each customer.
"""

from __future__ import annotations

from scale import clipped

SOURCE = "customers"


def main(session, run):
    scores = session.table(SOURCE).select("id", "score").to_pandas()
    scores["SCORE"] = [clipped(score) for score in scores["SCORE"]]
    session.create_dataframe(scores).write.save_as_table("scores", mode="overwrite")
    return {"rows": len(scores), "threshold": run.config["threshold"]}
