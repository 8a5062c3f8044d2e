# reads: A, B, C, D
# replaces: ABC
import snowflake.snowpark.functions as F


def main(session, run):
    a, b = session.table("a"), session.table("b")
    ab = a.join(b, (a["id"] == b["id"]) & (a.col("x") > 1), "left", lsuffix="_l", rsuffix="_r")
    abc = ab.natural_join(session.table("c")).cross_join(session.table("d").select(F.max("y").alias("top")))
    abc.write.mode("overwrite").save_as_table("abc")
