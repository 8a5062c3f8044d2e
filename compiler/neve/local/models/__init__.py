"""MODEL objects: what snowflake.ml.registry asks of a server."""
