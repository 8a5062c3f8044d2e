# A function that is called in a loop, with a name that is put together.
# reads: RAW.LA, RAW.LB
# replaces: CORE.LA, CORE.LB
def refresh(session, name, schema="core"):
    frame = session.table(f"raw.{name}")
    frame.write.mode("overwrite").save_as_table(f"{schema}.{name}")


def main(session, run):
    for name in ["la", "lb"]:
        refresh(session, name)
