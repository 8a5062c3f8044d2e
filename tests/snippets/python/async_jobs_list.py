# reads: A, B
# inserts: OUT
def main(session, run):
    jobs = [session.table(name).collect_nowait() for name in ("a", "b")]
    jobs.append(session.sql("insert into out select 1").collect_nowait())
    return sum(len(job.result()) for job in jobs)
# returns: yes
