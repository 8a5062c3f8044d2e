# A name that is an argument's default, when the function is called without it.
# reads: RAW.CUSTOMERS
# replaces: CORE.CUSTOMERS
def load(session, source="raw.customers", target="core.customers"):
    session.table(source).write.mode("overwrite").save_as_table(target)


def main(session, run):
    load(session)
