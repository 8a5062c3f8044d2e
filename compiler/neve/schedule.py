"""The forms of a schedule that people write, as Snowflake's one."""

from typing import Any

_SHORT = {
    "@hourly": "USING CRON 0 * * * * UTC",
    "@daily": "USING CRON 0 0 * * * UTC",
    "@weekly": "USING CRON 0 0 * * 0 UTC",
    "@monthly": "USING CRON 0 0 1 * * UTC",
    "@yearly": "USING CRON 0 0 1 1 * UTC",
}


def snowflake_schedule(written: Any) -> Any:
    """`@daily` and `{cron: ..., timezone: ...}` as SCHEDULE's text (fact sheet 1.2.1); any other form as it is."""
    if isinstance(written, dict) and isinstance(written.get("cron"), str):
        return f"USING CRON {written['cron']} {written.get('timezone', 'UTC')}"
    return _SHORT.get(written, written) if isinstance(written, str) else written
