# reads: GONE
# drops: GONE
def main(session, run):
    session.table("gone").drop_table()
