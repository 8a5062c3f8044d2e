"""Text of SQL: statements apart, words in front, names in full."""

import pytest

from neve.local.errors import SqlError
from neve.local.sqltext import QualifiedName, Statement, parse_name, quote_identifier, quote_string, split_statements


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("select 1; select ';' ;; -- end ;\n", ["select 1", "select ';'"]),
        ("begin; delete from t; commit", ["begin", "delete from t", "commit"]),
        ("begin let x := 1; return x; end; select 2", ["begin let x := 1; return x; end", "select 2"]),
        ("declare x int; begin x := 1; end; select 1", ["declare x int; begin x := 1; end", "select 1"]),
        (
            "begin if (true) then c := case when x then 2 end; end if; for i in 1 to 2 do null; end for; end; select 1",
            [
                "begin if (true) then c := case when x then 2 end; end if; for i in 1 to 2 do null; end for; end",
                "select 1",
            ],
        ),
        ("create task t as begin select 1; end; select 2", ["create task t as begin select 1; end", "select 2"]),
        (
            "create task t as begin begin transaction; insert into t select 1; commit; end; select 2",
            ["create task t as begin begin transaction; insert into t select 1; commit; end", "select 2"],
        ),
        (
            "begin declare x int; begin x := 1; end; begin null; end; end; select 1",
            ["begin declare x int; begin x := 1; end; begin null; end; end", "select 1"],
        ),
        (
            "declare p procedure() returns int as declare y int; begin return 1; end; begin call p(); end; select 1",
            [
                "declare p procedure() returns int as declare y int; begin return 1; end; begin call p(); end",
                "select 1",
            ],
        ),
        ("execute immediate $$ begin; ; end $$; select 1", ["execute immediate $$ begin; ; end $$", "select 1"]),
        ("select case when 1=1 then 2 end; select 3", ["select case when 1=1 then 2 end", "select 3"]),
        ("", []),
    ],
)
def test_split(text, statements):
    assert split_statements(text) == statements


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("create or replace temporary table t", ("CREATE", "TABLE", "T")),
        ("Create Or Alter Task x", ("CREATE", "TASK", "X")),
        ("drop table if exists t", ("DROP", "TABLE", "IF", "EXISTS", "T")),
        ("/* c */ select 1", ("SELECT", "1")),
    ],
)
def test_leading_words(text, words):
    assert Statement.of(text).words == words


def test_names():
    assert parse_name('a."b.c"."d""e"') == ("A", "b.c", 'd"e')
    assert parse_name("db..t") == ("DB", "", "T")
    assert str(QualifiedName("A", "b c", "T")) == 'A."b c".T'
    assert quote_identifier('we"ird') == '"we""ird"'
    assert quote_string("it's \\") == "'it''s \\\\'"


@pytest.mark.parametrize("text", ["", "a.", "a.b.c.d", "a b", "1a", "'x'"])
def test_what_is_no_name(text):
    with pytest.raises(SqlError):
        parse_name(text)


def test_an_open_string_is_a_syntax_error():
    with pytest.raises(SqlError) as caught:
        Statement.of("select 'x")
    assert caught.value.code == 1003
