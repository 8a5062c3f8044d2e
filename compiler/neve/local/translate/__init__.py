"""Snowflake's SQL run on DuckDB: parse, resolve names, rewrite, run, and give the answer in Snowflake's types."""

from neve.local.translate.statements import run

__all__ = ["run"]
