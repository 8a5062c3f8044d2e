# Names in a dict of constants.
# reads: RAW.ORDERS
# replaces: CORE.ORDERS
TABLES = {"source": "raw.orders", "target": "core.orders"}


def main(session, run):
    session.table(TABLES["source"]).write.mode("overwrite").save_as_table(TABLES["target"])
