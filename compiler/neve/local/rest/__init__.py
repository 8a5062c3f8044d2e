"""Snowflake's REST API, as far as `snowflake.core` needs it for tasks: requests become SQL in the caller's session.

No rule of Snowflake's stands here: what may be done, and what comes of it, is decided by the statements.
"""
