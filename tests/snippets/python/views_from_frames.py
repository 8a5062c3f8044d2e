# reads: T
# replaces: V, DT
def main(session, run):
    df = session.table("t")
    df.create_or_replace_view("v")
    df.create_or_replace_temp_view("tv")
    df.create_or_replace_dynamic_table("dt", warehouse="wh", lag="1 hour")
    session.table("tv").count()
