# reads: A, B, C, D
def main(session, run):
    for i, name in enumerate(["a", "b"]):
        session.table(name).count()
    for left, right in zip(("c",), ("d",)):
        session.table(left).union(session.table(right)).collect()
