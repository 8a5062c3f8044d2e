# Writers with options between.
# inserts: CORE.OUT
# reads: SRC
def main(session, run):
    session.table("src").write.option("column_order", "name").mode("append").save_as_table("core.out", column_order="name")
    session.table("src").write.copy_into_location("@stage/out", file_format_type="parquet", overwrite=True)
    session.table("src").write.csv("@stage/x.csv", header=True)
