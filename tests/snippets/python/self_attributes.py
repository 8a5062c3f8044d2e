# Names that a class keeps in its instances.
# reads: RAW.T
# inserts: CORE.T
class Loader:
    source = "raw.t"

    def __init__(self, session):
        self.session = session
        self.target = "core.t"

    def run(self):
        self.session.table(self.source).write.mode("append").save_as_table(self.target)


def main(session, run):
    Loader(session).run()
