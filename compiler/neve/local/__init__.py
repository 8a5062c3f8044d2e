"""A small Snowflake for one laptop: SQL over the connector's protocol, on DuckDB. Knows nothing of the compiler."""
