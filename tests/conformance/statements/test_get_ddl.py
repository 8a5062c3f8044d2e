"""GET_DDL: Snowflake's shape, and statements that make the same again."""

import pytest

pytestmark = pytest.mark.engine


def test_a_table(run):
    run("create table p (a int primary key)")
    run("""create table t (id int autoincrement start 10 increment 5, name varchar(20) not null default 'x'
           comment 'it''s', amount number(10,2), constraint fk foreign key (id) references p(a))
           cluster by (name) comment = 'tab'""")
    (text,) = run("select get_ddl('table', 't')")[0]
    assert text == (
        "create or replace TABLE T cluster by (name) (\n"
        "\tID NUMBER(38,0) autoincrement start 10 increment 5 noorder,\n"
        "\tNAME VARCHAR(20) NOT NULL DEFAULT 'x' COMMENT 'it''s',\n"
        "\tAMOUNT NUMBER(10,2),\n"
        "\tconstraint FK foreign key (ID) references P (A)\n"
        ")COMMENT='tab'\n;"
    )


def test_a_view(run):
    run("create secure view v comment = 'c' as with x as (select 1 as a) select a as b from x")
    (text,) = run("select get_ddl('view', 'v')")[0]
    assert (
        text
        == "create or replace secure view V(\n\tB\n) COMMENT='c' as with x as (select 1 as a) select a as b from x;"
    )


def test_a_procedure_and_a_function(run):
    head = "create procedure p(a int, b varchar default 'z') returns varchar language sql"
    run(f"{head} as $$ begin return 'q'; end $$")
    assert run("select get_ddl('procedure', 'p(number, varchar)')") == [
        (
            """CREATE OR REPLACE PROCEDURE "P"("A" NUMBER(38,0), "B" VARCHAR(16777216) DEFAULT 'z')
RETURNS VARCHAR(16777216)
LANGUAGE SQL
EXECUTE AS OWNER
AS ' begin return ''q''; end ';""",
        )
    ]
    run("create function f(a int) returns table (b int) as 'select a'")
    (text,) = run("select get_ddl('function', 'f(int)')")[0]
    assert text.startswith('CREATE OR REPLACE FUNCTION "F"("A" NUMBER(38,0))\nRETURNS TABLE ("B" NUMBER(38,0))')


MADE = {
    "table": ("t", "create table t (a int not null default 3, s varchar(5) comment 'x', primary key (a))"),
    "view": ("v", "create view v as select 1 as a, 'x' as b"),
    "sequence": ("s", "create sequence s start 5 increment 2"),
    "procedure": ("p(int)", "create procedure p(a int) returns int language sql strict as $$ begin return a; end $$"),
    "function": ("f(int)", "create function f(a int) returns int comment = 'c' as 'a + 1'"),
    "task": ("k", "create task k warehouse = w schedule = '5 minutes' comment = 'it''s' as select 1"),
}


@pytest.mark.parametrize("kind", MADE)
def test_it_makes_the_same_again(run, kind):
    name, made = MADE[kind]
    run(made)
    (text,) = run(f"select get_ddl('{kind}', '{name}')")[0]
    run(text)
    assert run(f"select get_ddl('{kind}', '{name}')") == [(text,)]


def test_a_schema_is_all_that_is_in_it(run):
    run("create table t (a int)", "create view v as select a from t")
    (text,) = run("select get_ddl('schema', 'public')")[0]
    assert [line for line in text.split("\n") if line.startswith("create")] == [
        "create or replace schema PUBLIC;",
        "create or replace TABLE T (",
        "create or replace view V(",
    ]


@pytest.mark.parametrize(("kind", "code"), [("table", 2003), ("procedure", 2003), ("schema", 2003), ("pipe", 2)])
def test_what_is_not_there(refused, kind, code):
    name = "nothing()" if kind == "procedure" else "nothing"
    assert refused(f"select get_ddl('{kind}', '{name}')")[0] == code
