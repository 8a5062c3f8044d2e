# reads: T
# inserts: T
from contextlib import contextmanager


@contextmanager
def transaction(session):
    session.sql("begin").collect()
    try:
        yield session
        session.sql("commit").collect()
    except Exception:
        session.sql("rollback").collect()
        raise


def main(session, run):
    with transaction(session) as s:
        s.sql("insert into t select * from t where x = 1").collect()
