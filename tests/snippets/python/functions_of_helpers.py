# Lists and functions of a helper module.
# reads: RAW.H1, RAW.H2, RAW.H3, RAW.H4, RAW.H5, RAW.H6
# inserts: CORE.COPIED, CORE.H5
# replaces: CORE.H3
import names_helper
from names_helper import PAIRS, Steps, copy as copy_rows


def main(session, run):
    for name in names_helper.TABLES:
        session.table(name).count()
    for source, target in PAIRS.items():
        session.table(source).write.mode("overwrite").save_as_table(target)
    names_helper.copy(session, names_helper.SOURCE)
    copy_rows(session, "raw.h5", target="core.h5")
    Steps(session, "x").load("raw.h6").count()
