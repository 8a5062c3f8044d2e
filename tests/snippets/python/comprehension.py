# Tables in a comprehension.
# reads: T1, T2, T3
def main(session, run):
    frames = [session.table(name) for name in ("t1", "t2")]
    counts = {name: session.table(name).count() for name in ["t3"]}
    return counts if frames else None
# returns: yes
