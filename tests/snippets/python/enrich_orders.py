# DataFrames in, a table out.
# reads: STAGING.ORDERS, CUSTOMERS
# replaces: CORE.ORDERS_ENRICHED
# returns: yes
from snowflake.snowpark import Session
from snowflake.snowpark import functions as F


def main(session: Session, run):
    orders = session.table("staging.orders").filter(F.col("amount") > 0)
    customers = session.table("CUSTOMERS")
    enriched = orders.join(customers, on="customer_id", how="left").with_column("day", F.to_date("ordered_at"))
    enriched.write.mode("overwrite").save_as_table("core.orders_enriched")
    return enriched.count()
