# Names in constants, SQL in f-strings.
# reads: RAW.EVENTS, RAW.EVENT_TYPES
# inserts: CORE.EVENTS
SCHEMA = "raw"
EVENTS = f"{SCHEMA}.events"
TYPES = SCHEMA + ".event_types"
TARGET = "core.events"


def main(session, run):
    since = run.as_of
    session.sql(
        f"""
        insert into {TARGET} (id, type)
        select e.id, t.name
        from {EVENTS} e
        join {TYPES} t on t.id = e.type_id
        where e.at > '{since}' and e.kind <> '{{}}'
        """
    ).collect()
