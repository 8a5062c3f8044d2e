# Temporary tables are the task's own.
# reads: SRC
# inserts: DEST
def main(session, run):
    session.table("src").write.mode("overwrite").save_as_table("scratch", table_type="temporary")
    session.table("scratch").write.mode("append").save_as_table("dest")
