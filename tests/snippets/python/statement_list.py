# reads: S1, S2
# inserts: D1, D2
STATEMENTS = [
    "insert into d1 select * from s1",
    "insert into d2 select * from s2",
]


def main(session, run):
    for statement in STATEMENTS:
        session.sql(statement).collect()
