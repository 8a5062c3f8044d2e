# reads: KW, ST
def one(session, *, table="kw"):
    session.table(table).count()


def many(session, *tables):
    for table in tables:
        session.table(table).count()


def main(session, run):
    one(session)
    many(session, "st")
