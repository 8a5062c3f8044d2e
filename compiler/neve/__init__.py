"""neve: a declarative, SQL-first pipeline compiler for Snowflake task graphs."""

__version__ = "0.1.0"
