# reads: T, U
def main(session, run):
    if (n := session.table("t").count()) > 3:
        return n
    return session.table("u").count() if n else 0
# returns: yes
