# The name comes out of the run, so it is left out, with a warning.
# warns: NEVE211
# reads: META.TABLES
# inserts: COUNTS
def main(session, run):
    for row in session.table("meta.tables").collect():
        n = session.table(row["NAME"]).count()
        session.sql("insert into counts values (?, ?)", params=[row["NAME"], n]).collect()
