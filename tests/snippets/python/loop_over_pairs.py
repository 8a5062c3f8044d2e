# A loop over pairs in the handler itself.
# reads: A, B
# inserts: X, Y
def main(session, run):
    for source, target in [("a", "x"), ("b", "y")]:
        session.sql(f"insert into {target} select * from {source}").collect()
