# Readers of files are no tables; a reader of a table is.
# reads: RAW.T
# replaces: LOADED
def main(session, run):
    df = session.read.option("infer_schema", True).option("parse_header", True).csv("@raw.landing/x.csv")
    other = session.read.table("raw.t")
    df.join(other, on="id", how="left").write.mode("overwrite").save_as_table("loaded", table_type="transient")
