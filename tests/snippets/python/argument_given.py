# A helper gets the table's name from its caller.
# reads: RAW.A, RAW.B
# replaces: CORE.A, CORE.B
def copy(session, source, target):
    session.table(source).write.save_as_table(target, mode="overwrite")


def main(session, run):
    copy(session, "raw.a", "core.a")
    copy(session, source="raw.b", target="core.b")
