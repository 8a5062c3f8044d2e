# A loop over the items of a dict.
# reads: RAW.A, RAW.B
# replaces: CORE.A, CORE.B
PAIRS = {"raw.a": "core.a", "raw.b": "core.b"}


def main(session, run):
    for source, target in PAIRS.items():
        session.table(source).write.mode("overwrite").save_as_table(target)
