"""SHOW and DESCRIBE of databases, schemas, tables, views and columns."""
