"""Streams: what changed in a table since it was last taken."""
