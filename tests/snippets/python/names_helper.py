TABLES = ["raw.h1", "raw.h2"]
PAIRS = {"raw.h3": "core.h3"}
SOURCE = "raw.h4"


def copy(session, source, target="core.copied", mode="append"):
    session.table(source).write.mode(mode).save_as_table(target)


def unused(session, name):
    session.table(name).count()


class Steps:
    def __init__(self, session, prefix):
        self.session = session
        self.prefix = prefix

    def load(self, table):
        return self.session.table(table)
