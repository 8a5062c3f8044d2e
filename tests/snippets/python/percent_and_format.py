# Older ways to put a text together.
# reads: RAW.A, RAW.B, RAW.C
# inserts: LOG
SCHEMA = "raw"


def main(session, run):
    session.sql("select * from %s.a" % SCHEMA).collect()
    session.sql("select * from {}.b".format(SCHEMA)).collect()
    session.sql("select * from {schema}.c where x = {x}".format(schema=SCHEMA, x=run.config["rows"])).collect()
    session.sql("insert into log values ('%s', %d)" % (run.id, 3)).collect()
# config: rows
