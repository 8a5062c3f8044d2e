# reads: DB.RAW.T
DATABASE, SCHEMA = "db", "raw"


def main(session, run):
    return session.table(".".join([DATABASE, SCHEMA, "t"])).count()
# returns: yes
