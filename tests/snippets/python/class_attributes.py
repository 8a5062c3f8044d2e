# Names that are attributes of a class.
# reads: RAW.EVENTS
# inserts: CORE.EVENTS
class Tables:
    SOURCE = "raw.events"
    TARGET = "core.events"


def main(session, run):
    session.table(Tables.SOURCE).write.mode("append").save_as_table(Tables.TARGET)
