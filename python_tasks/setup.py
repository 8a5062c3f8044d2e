"""---
---
The days to train on, up to the scheduled time or the config's as_of, and the name of the model version to make.
"""

from datetime import timedelta


def main(session, run):
    start = run.as_of - timedelta(days=run.config["window_days"])
    return {"from": f"{start:%Y-%m-%d %H:%M:%S}", "to": f"{run.as_of:%Y-%m-%d %H:%M:%S}", "version": f"v{run.id}"}
