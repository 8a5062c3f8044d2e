"""SHOW of keys, parameters, variables, functions."""

import pytest

pytestmark = pytest.mark.engine


def test_keys(run, dicts):
    run("create table p (a int, b int, constraint one primary key (a, b))")
    run("create table t (c int unique, d int, e int, constraint two foreign key (d, e) references p (a, b))")
    primary = [(row["table_name"], row["column_name"], row["key_sequence"]) for row in dicts("show primary keys")]
    assert primary == [("P", "A", 1), ("P", "B", 2)]
    assert [row["column_name"] for row in dicts("show unique keys in table t")] == ["C"]
    imported = dicts("show imported keys in schema public")
    assert [(r["fk_column_name"], r["pk_table_name"], r["pk_column_name"]) for r in imported] == [
        ("D", "P", "A"),
        ("E", "P", "B"),
    ]


def test_parameters(run, dicts):
    run("alter session set timezone = 'UTC'")
    (row,) = dicts("show parameters like 'timezone' in session")
    assert (row["value"], row["default"], row["level"]) == ("UTC", "America/Los_Angeles", "SESSION")
    (row,) = dicts("show parameters like 'timezone' in account")
    assert row["value"] == "America/Los_Angeles"


def test_variables(run, dicts):
    run("set (number, text) = (1, 'x')")
    assert [(row["name"], row["value"], row["type"]) for row in dicts("show variables")] == [
        ("NUMBER", "1", "fixed"),
        ("TEXT", "x", "text"),
    ]


def test_functions(run, dicts):
    run("create function f(a int) returns int as 'a'")
    assert [row["arguments"] for row in dicts("show functions like 'F'")] == ["F(NUMBER) RETURN NUMBER"]
