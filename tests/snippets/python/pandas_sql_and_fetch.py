# reads: A, B
def main(session, run):
    frame = session.sql("select * from a").to_pandas()
    rows = session.sql("select count(*) from b").collect()[0][0]
    return {"rows": len(frame) + rows}
# returns: yes
