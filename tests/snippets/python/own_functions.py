# Functions of the file, with names as arguments' defaults and as arguments.
# reads: METRICS, ORDERS
# inserts: METRICS
METRICS_TABLE = "metrics"


def record(session, name, value, table=METRICS_TABLE):
    session.sql("insert into metrics (name, value) values (?, ?)", params=[name, value]).collect()


def known(session):
    return {row["NAME"] for row in session.table(METRICS_TABLE).select("name").collect()}


def main(session, run):
    if "orders" not in known(session):
        record(session, "orders", session.table("orders").count())
