# The same for each name of a list.
# reads: RAW.ORDERS, RAW.ITEMS, RAW.USERS
# replaces: CORE.ORDERS, CORE.ITEMS, CORE.USERS
TABLES = ["orders", "items", "users"]


def main(session, run):
    for name in TABLES:
        df = session.table(f"raw.{name}")
        df.drop_duplicates().write.mode("overwrite").save_as_table(f"core.{name}")
