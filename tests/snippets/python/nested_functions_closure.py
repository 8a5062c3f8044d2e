# A name of the enclosing function.
# reads: RAW.T
# inserts: CORE.T
def main(session, run):
    source = "raw.t"

    def step(target):
        session.table(source).write.mode("append").save_as_table(target)

    step("core.t")
