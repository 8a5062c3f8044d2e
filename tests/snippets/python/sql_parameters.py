# Binds, several statements, DDL.
# reads: ORDERS
# replaces: ORDERS_COPY
# truncates: OLD_ORDERS
# inserts: AUDIT
def main(session, run):
    session.sql(
        "create or replace table orders_copy as select * from orders where day = ?", params=[run.as_of]
    ).collect()
    session.sql("truncate table if exists old_orders").collect_nowait().result()
    rows = session.sql("select count(*) from orders").collect()[0][0]
    session.sql("insert into audit values (?, ?)", params=["orders", rows]).collect()
