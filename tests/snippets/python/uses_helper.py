# What a helper beside the task reads and writes is the task's.
# reads: LOOKUP.COUNTRIES, ORDERS
# replaces: ORDERS_CLEAN
import tables_helper
from tables_helper import TARGET, with_country


def main(session, run):
    orders = with_country(session, session.table(tables_helper.ORDERS))
    orders.write.mode("overwrite").save_as_table(TARGET)
