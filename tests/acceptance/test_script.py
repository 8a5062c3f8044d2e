"""The script is a script: any client that splits statements deploys with it what `neve apply` deploys."""

import pytest
import snowflake.connector

pytestmark = pytest.mark.engine

OWN = {"id", "created_on", "last_committed_on"}
"""What differs from one engine to the next."""


def deployed(place):
    tasks = place.sql("SHOW TASKS IN ACCOUNT")
    procedures = place.sql("SHOW USER PROCEDURES IN ACCOUNT")
    return [{key: value for key, value in row.items() if key not in OWN} for row in [*tasks, *procedures]]


@pytest.mark.parametrize("target", ["local", "dev"])
def test_sent_whole_it_gives_the_tasks_that_apply_gives(place, copy_example, target):
    applied, sent = (copy_example(place(name)) for name in ("applied", "sent"))
    applied.neve("apply", "-t", target)
    script = sent.neve("compile", "-t", target, "-o", "-")
    with snowflake.connector.connect(**sent.connection()) as connection:
        connection.execute_string(script)
    tasks = deployed(sent)
    assert len(tasks) == 14
    assert {row["state"] for row in tasks if "state" in row} == {"started"}
    assert tasks == deployed(applied)
    assert sent.neve("plan", "-t", target).startswith("Nothing to do")
