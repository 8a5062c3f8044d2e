"""---
reads: [db.s.input_v2]
writes: [db.s.output]
---
Names that are joined and formatted are known only in the run, so the header says them.
"""

# reads: DB.S.INPUT_V2
# inserts: DB.S.OUTPUT


class Names:
    PARTS = ("db", "s")
    INPUT = ".".join([*PARTS, "input_v2"])


def main(session, run):
    session.table(Names.INPUT).write.mode("append").save_as_table("%s.%s.output" % Names.PARTS)
