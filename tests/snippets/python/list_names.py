# Names in a list of parts, as Snowpark takes them too.
# reads: DB.SCH.SRC
# replaces: DB.SCH.DEST
def main(session, run):
    session.table(["db", "sch", "src"]).write.mode("overwrite").save_as_table(["db", "sch", "dest"])
