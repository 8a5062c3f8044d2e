# inserts: METRICS
# reads: JUDGED
def main(session, run):
    n = session.table("judged").count()
    session.create_dataframe([[run.id, n]], schema=["run_id", "n"]).write.mode("append").save_as_table("metrics")
