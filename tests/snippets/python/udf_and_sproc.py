# Functions in the session are no tables.
# reads: T
# calls: CLEAN_UP
from snowflake.snowpark.functions import call_udf, col, udf


def main(session, run):
    plus = session.udf.register(lambda x: x + 1, name="plus_one", is_permanent=False)
    df = session.table("t").select(plus(col("a")), call_udf("other_udf", col("b")))
    session.call("clean_up", 1)
    session.sql("call system$wait(1)").collect()
    return df.count()
# returns: yes
