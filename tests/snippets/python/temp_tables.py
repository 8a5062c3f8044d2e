# reads: SRC
# inserts: DST
def main(session, run):
    session.table("src").write.mode("overwrite").save_as_table("tmp", table_type="temp")
    session.sql("create or replace temp table tmp2 as select * from tmp").collect()
    session.table("tmp2").write.mode("append").save_as_table("dst")
