"""---
when: return_value('fit') <> ''
---
"""


def main(session, run):
    slope = run.returned("fit")["slope"]
    session.sql("delete from lines where slope < 0").collect()
    if slope > 1:
        return "keep"
    return "drop"
