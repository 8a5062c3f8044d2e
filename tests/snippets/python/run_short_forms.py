# The short forms of neve's `run`; a branch that names what comes next.
# reads: SPLIT_TRAIN
# asks: split, load
# config: rows, threshold
# returns: yes
def main(session, run):
    limit = run.config["rows"]
    threshold = run.config.get("threshold", 0.5)
    names = run.returned("split")
    if run.returned("load") and len(names) > threshold:
        return "retrain" if session.table("split_train").limit(limit).count() else "skip"
    return "skip"
