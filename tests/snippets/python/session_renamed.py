# The session by another name in a helper function.
# reads: RAW.T
# inserts: CORE.T
from snowflake.snowpark import Session


def fill(sess: Session) -> None:
    sess.table("raw.t").write.mode("append").save_as_table("core.t")


def main(snowpark_session, ctx):
    fill(snowpark_session)
