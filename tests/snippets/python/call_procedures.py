# Procedures, by method and by SQL.
# reads: JOBS
# calls: REFRESH, OPS.NOTIFY, CLEAN
def main(session, run):
    session.call("refresh", "orders", 3)
    session.call("ops.notify", session.table("jobs").count())
    session.sql("call clean('x')").collect()
