"""Sequences, INFORMATION_SCHEMA, comments of databases and schemas."""

import pytest

pytestmark = pytest.mark.engine


def test_sequences(session, rows, refused):
    session.execute("create sequence seq start = 5 increment by 2")
    assert rows("select seq.nextval") == [(5,)]
    session.execute("create table t (id int default seq.nextval, v varchar)")
    session.execute("insert into t (v) values ('a'), ('b')")
    assert rows("select id from t order by id") == [(7,), (9,)]
    assert [column.name for column in session.execute("select seq.nextval").columns] == ["NEXTVAL"]
    assert refused("create sequence seq") == (2002, "42710")
    assert refused("drop sequence nope") == (2003, "02000")


def test_information_schema_of_tables_and_columns(session, rows):
    session.execute("create table t (a int not null, b varchar(7), c number(10,2), d timestamp_ltz)")
    session.execute("create view v as select a from t")
    assert rows("select table_name, table_type from information_schema.tables order by 1") == [
        ("T", "BASE TABLE"),
        ("V", "VIEW"),
    ]
    query = """select column_name, data_type, is_nullable, character_maximum_length, numeric_precision, numeric_scale
               from information_schema.columns where table_name = 'T' order by ordinal_position"""
    assert rows(query) == [
        ("A", "NUMBER", "NO", None, 38, 0),
        ("B", "TEXT", "YES", 7, None, None),
        ("C", "NUMBER", "YES", None, 10, 2),
        ("D", "TIMESTAMP_LTZ", "YES", None, None, None),
    ]


def test_information_schema_of_another_database(session, rows, engine):
    session.execute("create or replace database beside")
    session.execute("create table beside.public.far (a int)")
    assert rows("select table_name from beside.information_schema.tables") == [("FAR",)]
    assert ("BESIDE",) in rows("select database_name from information_schema.databases")
    session.execute("drop database beside")


def test_comments_of_schemas(session, rows):
    session.execute("create schema s comment = 'first'")
    session.execute("alter schema s set comment = 'second'")
    query = "select comment from information_schema.schemata where schema_name = 'S'"
    assert rows(query) == [("second",)]
    session.execute("alter schema s unset comment")
    assert rows(query) == [(None,)]


def test_quoted_names_of_databases_and_schemas(session, rows):
    session.execute('create or replace database "we ird/db"')
    session.execute('create schema "sch.ema"')
    session.execute('create table "t""able" ("select" int)')
    assert rows('select "select" from "we ird/db"."sch.ema"."t""able"') == []
    session.execute('drop database "we ird/db"')
