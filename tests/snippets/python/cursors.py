# reads: RAW.ORDERS, RAW.CUSTOMERS, RAW.ITEMS
# inserts: CORE.ORDERS, CORE.ITEMS
# truncates: CORE.STAGING
import sqlite3


def main(session, run) -> None:
    cursor = session.connection.cursor()
    cursor.execute("insert into core.orders select * from raw.orders")
    connection = session.connection
    with connection.cursor() as other:
        other.execute("truncate table core.staging")
        rows = other.execute("select id from raw.customers").fetchall()
    connection.cursor().executemany("insert into core.items select ? from raw.items", rows)
    local = sqlite3.connect(":memory:").cursor()
    local.execute("select * from nowhere")
