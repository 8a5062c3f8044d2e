# Quoted names in Python.
# reads: "Sales Data"."Orders", UPPER
# inserts: "out"
def main(session, run):
    orders = session.table('"Sales Data"."Orders"')
    orders.union_all(session.table('"UPPER"')).write.mode("append").save_as_table('"out"')
