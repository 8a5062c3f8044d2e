# Functions that call themselves end.
# reads: R
def walk(session, name, depth=0):
    session.table(name).count()
    if depth < 3:
        walk(session, name, depth + 1)


def main(session, run):
    walk(session, "r")
