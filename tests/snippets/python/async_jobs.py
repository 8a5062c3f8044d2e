# Jobs that are not waited for at once, inside of with and try.
# reads: A, B
# replaces: OUT_A, OUT_B
import logging
from contextlib import suppress

log = logging.getLogger(__name__)


async def unrelated():
    pass


def main(session, run):
    try:
        job = session.table("a").write.mode("overwrite").save_as_table("out_a", block=False)
        with suppress(ValueError):
            session.sql("create or replace table out_b as select * from b").collect(block=True)
        job.result()
    except Exception:
        log.exception("from nothing")
        raise
