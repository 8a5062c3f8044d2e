# reads: RAW.T
from enum import Enum


class Table(Enum):
    T = "raw.t"


class Name(str, Enum):
    U = "raw.u"


def main(session, run):
    session.table(Table.T.value).count()
