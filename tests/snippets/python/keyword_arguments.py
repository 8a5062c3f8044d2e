# reads: RAW.T
# inserts: CORE.T
def main(session, run):
    frame = session.table(name="raw.t")
    frame.write.save_as_table(table_name="core.t", mode="append", block=False)
    session.sql(query="insert into core.t select * from raw.t where x = ?", params=[1]).collect(block=False)
