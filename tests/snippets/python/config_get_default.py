# A key with a default, and one that must be there.
# config: rows, days
def main(session, run):
    rows = run.config.get("rows", 10)
    days = run.config["days"]
    print(rows, days)
