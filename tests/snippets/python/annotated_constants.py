# reads: RAW.T
# inserts: CORE.T
from typing import Final

SOURCE: Final[str] = "raw.t"
TARGET: Final = "core.t"


def main(session, run) -> None:
    session.table(SOURCE).write.mode("append").save_as_table(TARGET)
