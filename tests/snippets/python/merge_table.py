# Table.merge, update and delete write the table that they are called on.
# reads: STAGING.USERS, CORE.USERS, SESSIONS, CLICKS
# inserts: CORE.USERS, SESSIONS, CLICKS
from snowflake.snowpark.functions import when_matched, when_not_matched


def main(session, run):
    source = session.table("staging.users")
    target = session.table("core.users")
    target.merge(
        source,
        target["id"] == source["id"],
        [when_matched().update({"email": source["email"]}), when_not_matched().insert({"id": source["id"]})],
    )
    session.table("sessions").delete(session.table("sessions")["user_id"].is_null())
    clicks = session.table("clicks")
    clicks.update({"seen": True}, clicks["seen"].is_null())
