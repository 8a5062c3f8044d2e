# Views and dynamic tables made of DataFrames.
# reads: ORDERS
# replaces: V_ORDERS, D_ORDERS
# inserts: ORDERS_LOG
def main(session, run):
    df = session.table("orders")
    df.create_or_replace_view("v_orders")
    df.create_or_replace_temp_view("v_temp")
    df.create_or_replace_dynamic_table("d_orders", warehouse="wh", lag="1 hour")
    df.write.insert_into("orders_log")
