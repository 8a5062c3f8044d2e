# reads: SRC, TARGET, OLD
# inserts: TARGET, OLD
from snowflake.snowpark.functions import col, when_matched, when_not_matched


def main(session, run):
    target = session.table("target")
    source = session.table("src").filter(col("x") > 1)
    result = target.merge(source, target["id"] == source["id"], [when_matched().delete(), when_not_matched().insert([source["id"]])])
    old = session.table("old")
    old.update({"state": "x"}, old["id"] == source["id"], source)
    old.delete(old["at"] < run.as_of)
    target.drop_table
    return result.rows_inserted
# returns: yes
