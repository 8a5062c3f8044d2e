# The whole statement comes out of the run: a warning says that it is missing.
# reads: META.STATEMENTS
# warns: NEVE211
def main(session, run):
    for row in session.table("meta.statements").collect():
        session.sql(row["SQL"]).collect()
