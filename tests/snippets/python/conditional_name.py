# One of two names: both are read.
# reads: BIG, SMALL
def main(session, run):
    name = "big" if run.config["rows"] > 5 else "small"
    return session.table(name).count()
# config: rows
# returns: yes
