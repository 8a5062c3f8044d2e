POINTS = "clean_points"


def load(session):
    return session.table("test")
