# Names put together from constants in f-strings.
# reads: RAW.ORDERS, RAW.ITEMS
# replaces: CORE.ORDERS_CLEAN
SCHEMA = "raw"
TARGET_SCHEMA = "core"


def main(session, run):
    orders = session.table(f"{SCHEMA}.orders")
    items = session.table(f"{SCHEMA}.items")
    orders.join(items, "order_id").write.mode("overwrite").save_as_table(f"{TARGET_SCHEMA}.orders_clean")
