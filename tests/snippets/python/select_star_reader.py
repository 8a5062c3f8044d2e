# reads: T
# inserts: LOG
def main(session, run):
    session.table("t").limit(10).show()
    session.sql("insert into log (what) values ('from x; delete from y')").collect()
