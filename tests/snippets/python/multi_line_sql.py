# SQL over several lines, with comments, and in a constant.
# reads: RAW.ORDERS, RAW.CUSTOMERS, CORE.OLD
# replaces: CORE.ORDERS
# truncates: CORE.OLD
STATEMENT = """
create or replace table core.orders as   -- all of them
select o.*, c.name
from raw.orders o
join raw.customers c
  on c.id = o.customer_id  /* from nowhere */
"""


def main(session, run):
    session.sql(STATEMENT).collect()
    for statement in ("truncate table core.old", "select * from core.old"):
        session.sql(statement).collect()
