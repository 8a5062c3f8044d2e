"""What statements read and write, by example: the SQL, then `access NAME` for each table in the order of the text."""

import pytest

from neve.diagnostics.model import Severity, Span
from neve.parse_sql import parse_sql

CASES = [
    ("select * from t", "read T"),
    ('select * from "T x".t', "read T x.T"),
    ("select * from db.s.t as a join db.s.u b on a.x = b.x", "read DB.S.T, read DB.S.U"),
    ("select * from db..t", "read DB.PUBLIC.T"),
    ("with a as (select * from t), b as (select * from a) select * from b", "read T"),
    ("with t as (select * from t) select * from t", "read T"),
    ("with t as (select * from t) select * from s.t", "read T, read S.T"),
    ("with recursive r as (select 1 from base union all select * from r) select * from r", "read BASE"),
    ("with r as (select 1 from base union all select * from r) select * from r", "read BASE"),
    ("select * from (with a as (select * from t) select * from a) x, a", "read T, read A"),
    ('with a as (select 1) select * from A, "a"', "read a"),
    ("select (select max(x) from u) from t where exists (select 1 from v where v.x = t.x)", "read U, read T, read V"),
    ("select * from t union all select * from u minus select * from v", "read T, read U, read V"),
    ("select * from t, lateral flatten(input => t.a) f, table(flatten(t.b))", "read T"),
    ("select * from t, lateral (select * from u where u.x = t.x)", "read T, read U"),
    ("select * from table(information_schema.task_history(task_name => 'x'))", ""),
    ("select * from table('a.b')", "read A.B"),
    ("select * from identifier('a.\"b\"')", "read A.b"),
    ("select identifier($x), identifier(:y) from table(:z)", ""),
    ("select $1 from @stage/path (pattern => '.*')", ""),
    ("select * from t at (timestamp => '2024-01-01'::timestamp)", "read T"),
    ("select * from t before (statement => 'x') as old", "read T"),
    ("select * from t pivot (sum(a) for b in ('x'))", "read T"),
    ("select * from a asof join b match_condition (a.t >= b.t)", "read A, read B"),
    ("select a:b.c::int, t.* exclude (x) from t qualify row_number() over (order by 1) = 1", "read T"),
    ("from t select *", "read T"),
    ("values (1), (2)", ""),
    ("insert into t (a) select a from u", "insert T, read U"),
    ("insert overwrite into t select * from u", "replace T, read U"),
    ("insert into t with a as (select * from u) select * from a", "insert T, read U"),
    ("insert into t values (1, (select max(x) from u))", "insert T, read U"),
    (
        "insert all when x > 1 then into a (y) values (x) when z then into b else into c select * from t",
        "insert A, insert B, insert C, read T",
    ),
    ("insert first when x > 1 then into a else into b select * from t", "insert A, insert B, read T"),
    ("insert overwrite all into a into b select * from t", "replace A, replace B, read T"),
    (
        "merge into t using (select * from u) s on t.a = s.a when matched then update set x = s.x",
        "insert T, read U",
    ),
    ("update t set x = (select max(y) from u) from v where t.id = v.id", "insert T, read U, read V"),
    ("delete from t using u where t.id = u.id", "insert T, read U"),
    ("delete from t where id in (select id from u)", "insert T, read U"),
    ("truncate table if exists t", "truncate T"),
    ("create or alter table t (id int)", "create T"),
    ("create or alter view t as select * from u", "create T, read U"),
    ("create or replace table t as select * from u", "replace T, read U"),
    ("create transient table if not exists t cluster by (a) as select * from u", "create T, read U"),
    ("create table t (a int)", "create T"),
    ("create or replace table t clone u at (offset => -60)", "replace T, read U"),
    ("create table t like u", "create T, read U"),
    ("create or replace view v as select * from t", "replace V, read T"),
    ("create or replace dynamic table d target_lag = '1 hour' warehouse = w as select * from t", "replace D, read T"),
    ("create or replace stream s on table db.t append_only = true", "replace S, read DB.T"),
    ("create temporary table x as select * from t; insert into u select * from x", "read T, insert U"),
    ("copy into t from @stage/path file_format = (type = csv) on_error = continue", "insert T"),
    ("copy into t (a) from (select $1 from @stage) file_format = (format_name = 'f')", "insert T"),
    ("copy into @stage/out from (select * from t) overwrite = true", "read T"),
    ("copy into 's3://bucket/x' from t", "read T"),
    ("drop table if exists t", "drop T"),
    ("alter table t add column x int", "alter T"),
    ("alter table t swap with u", "replace T, replace U"),
    ("alter table t rename to u", "drop T, create U"),
    ("call p(1, (select max(x) from t))", "read T"),
    ("execute immediate 'insert into t select ''x'' from u'", "insert T, read U"),
    ("execute immediate $$ begin insert into t select * from u; end $$", "insert T, read U"),
    ("execute immediate ('insert into t ' || 'select * from u where d = ' || :d)", "insert T, read U"),
    ("execute immediate 'insert into t values (?)' using (x)", "insert T"),
    ("with p as procedure () returns int language sql as $$ begin delete from t; end $$ call p()", "insert T"),
    ("show tasks ->> insert into t select * from $1 join u", "insert T, read U"),
    ("set (a, b) = (select min(x), max(x) from t)", "read T"),
    ("call p(a => (select max(x) from t))", "read T"),
    ("select 1; ; select * from t;", "read T"),
    ("begin transaction; insert into t values (1); commit", "insert T"),
    ("use warehouse w; set x = 1; alter session set timezone = 'UTC'; grant select on t to role r; show tables", ""),
    ("create or replace task x as begin insert into t values (1); end; select * from u", "read U"),
    ("comment on table t is 'x;y'; -- a ; comment\n/* ; */ select ';' from u", "read U"),
    ("select model_name!predict(a) from t", "read T"),
]

BLOCKS = [
    ("begin insert into t select * from u; end", "insert T, read U"),
    ("declare n int default (select count(*) from t); begin return n; end;", "read T"),
    (
        "declare c cursor for select * from t; begin for r in c do insert into u values (1); end for; end",
        "read T, insert U",
    ),
    ("declare r resultset default (select * from t); begin return table(r); end", "read T"),
    ("begin let x := (select max(a) from t); let y int default 1; x := y + (select 1 from u); end", "read T, read U"),
    ("begin let c cursor for select * from t; open c; fetch c into x; close c; end", "read T"),
    (
        "begin if ((select 1 from a)) then delete from b; elseif (x) then from c; else drop table d; end if; end",
        "read A, insert B, read C, drop D",
    ),
    (
        "begin case (select 1 from a) when 1 then select 1 from b; else select 1 from c; end case; end",
        "read A, read B, read C",
    ),
    ("begin case when x > 1 then select 1 from b; end; end", "read B"),
    ("begin for i in 1 to 3 do insert into t values (:i); end for; end", "insert T"),
    ("begin while (x < (select 1 from a)) do x := x + 1; end while; end", "read A"),
    ("begin repeat x := 1; until (x > case when 1 = 1 then 2 else 3 end) end repeat; select 1 from t; end", "read T"),
    ("begin loop insert into t values (1); break; end loop; end", "insert T"),
    ("begin begin insert into t values (1); end; insert into u values (1); end", "insert T, insert U"),
    ("begin select 1; exception when other then insert into t values (:sqlerrm); raise; end", "insert T"),
    ("begin call p(:x) into :y; let z := (call q((select 1 from t))); end", "read T"),
    ("begin async (insert into t select * from u); await all; end", "insert T, read U"),
    ("begin begin transaction; insert into t values (1); commit; return 'x'; end", "insert T"),
    ("begin select a, b into :a, :b from t where c = :d limit 1; end", "read T"),
    ("begin execute immediate 'truncate table t'; end", "truncate T"),
    ("execute immediate $$ begin let x := (select 1 from t); end $$", "read T"),
    ("begin null; end; begin select 1 from t; end", "read T"),
    ("declare e exception (-20001, 'no'); begin raise e; end", ""),
]


def parsed(sql, **options):
    said = []
    facts = parse_sql(sql, lambda start, end: Span("f.sql", start, end), said.append, **options)
    return facts, said


def used(sql):
    facts, said = parsed(sql)
    assert not said, [(found.message, sql[found.span.start : found.span.end]) for found in said]
    return ", ".join(f"{one.access} {'.'.join(one.parts)}" for one in facts.references)


@pytest.mark.parametrize(("sql", "expected"), CASES)
def test_statements(sql, expected):
    assert used(sql) == expected


@pytest.mark.parametrize(("sql", "expected"), BLOCKS)
def test_scripting(sql, expected):
    assert used(sql) == expected


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ('select * from  a . "b"."C" as x, d', ['a . "b"."C"', "d"]),
        ("select * from identifier('a.b') x, table( 'c' )", ["identifier('a.b')", "table( 'c' )"]),
        ("execute immediate 'select ''it''''s'' from tab'", ["tab"]),
        ("execute immediate 'insert into t\\tselect * from u'", ["t", "u"]),
        ("begin let ä := (select 'ü' from täb, tab); end", ["täb", "tab"]),
    ],
)
def test_places_of_names_are_exact(sql, names):
    facts, _ = parsed(sql)
    assert [sql[one.start : one.end] for one in facts.references] == names


def test_task_functions_are_found_anywhere():
    sql = """
    begin
      let x := (select system$get_predecessor_return_value('load')::int + 1);
      if (SYSTEM$GET_PREDECESSOR_RETURN_VALUE() = 'x') then
        execute immediate 'select system$get_task_graph_config(''a.b'')';
      end if;
      call system$set_return_value(:x);
    end
    """
    facts, _ = parsed(sql)
    assert [read.task for read in facts.returned] == ["load", None]
    assert sql[facts.returned[0].start : facts.returned[0].end] == "'load'"
    assert [path for path, _, _ in facts.config_keys] == ["a.b"]
    assert facts.returns


def test_calls_are_listed_but_not_system_functions():
    facts, _ = parsed("call db.s.p(1); call system$set_return_value('x'); begin call q(); end")
    assert [call.parts for call in facts.calls] == [("DB", "S", "P"), ("Q",)]
    assert facts.returns


@pytest.mark.parametrize(
    ("sql", "place", "message"),
    [
        ("select a from t where (a > 1", "1", "`)` is expected at `1`"),
        ("select 1;\nselect a from t where a > and b", "and", "Something is missing before `and`"),
        ("selct 1", "selct", "`selct` begins no statement"),
        ("begin if (1 = 1) then select 1; end", "end", "In this block IF is expected, not the end"),
        ("begin insert into t select * fro u; end", "u", "`u` is unexpected here"),
        ("select a,\n , b from t", ", b"[:1], "`,` is unexpected here"),
        ("select\n , a from t", ",", "`,` is unexpected here"),
        ("select coalesce(a, b,) from t", ")", "`)` is unexpected here"),
        ("select a from t where b in (1,, 2)", ",", "`,` is unexpected here"),
        ("select a from t where b in ()", ")", "`)` is unexpected here"),
        ("select a from t, u, where b = 1", "where", "`where` is unexpected here"),
        ("select a from t group by , a", ",", "`,` is unexpected here"),
        ("select distinct from t", "from", "`from` is unexpected here"),
        ("select count(distinct) from t", ")", "`)` is unexpected here"),
        ("select sum(a) over (partition by order by b) from t", "order by", "`ORDER BY` is unexpected here"),
        ("select a from t join u on where a = 1", "where", "`where` is unexpected here"),
        ("select a from t join u on", "on", "Something is missing behind `on`"),
        ("select a from t union all select", "select", "Something is missing behind `select`"),
        ("create or replace table t as selec 1", "selec", "`selec` begins no query"),
        ("select 'it''s', \"a, 'b -- c'", '"', "never closed"),
        ("select 1 /* 'x'", "/*", "never closed"),
        ("select $$ab", "$$", "never closed"),
        ("select " + "(" * 3000, None, None),
    ],
)
def test_mistakes_have_a_place(sql, place, message):
    _, said = parsed(sql)
    assert said
    found = said[0]
    assert found.severity is Severity.ERROR
    assert 0 <= found.span.start < found.span.end <= len(sql)
    assert place is None or sql[found.span.start : found.span.end] == place
    assert message is None or message in found.message


@pytest.mark.parametrize(
    "sql",
    [
        "select a, b, from t",
        "select * from (select a, b, from t)",
        "select a from t where (select 1,) = 1",
        "select a is distinct from b from t",
        'select t.order, "a,,b", a:group, v:select from t',
        "select f(), count(*), [1, 2], {'a': 1} from t group by all order by all",
        "select array_agg(distinct a) within group (order by a) over (partition by b) from t",
        "create table t (a int, b int as (a + 1)) as select 1, 2",
        "create or replace table t clone u",
    ],
)
def test_commas_and_words_that_snowflake_takes(sql):
    assert parsed(sql)[1] == []


def test_a_header_that_says_what_a_body_does_makes_it_a_warning():
    _, said = parsed("select a from t where", declared=True)
    assert [found.severity for found in said] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("let s := 'delete from t'; execute immediate :s;", "insert T"),
        ("let s := 'delete from '; let u := s || 't'; execute immediate u;", "insert T"),
        ("let n := 'db.s.t'; delete from identifier(:n) where x = 1;", "insert DB.S.T"),
    ],
)
def test_a_variable_that_is_assigned_once_is_followed(block, expected):
    assert used(f"begin {block} end") == expected


@pytest.mark.parametrize(
    "statement",
    [
        "execute immediate :s",
        "execute immediate 'truncate table ' || t",
        "execute immediate from @scripts/fill.sql using (day => '1')",
        "begin insert into identifier(:t) select 1; end",
        "update identifier($t) set a = 1",
        "execute immediate 'select * from t limit ' || n || ' rows and more'",
        "begin let s := 'delete from t'; s := s || 'u'; execute immediate s; end",
        "begin let s := 'delete from t'; select x into :s from u; execute immediate s; end",
    ],
)
def test_what_is_known_only_in_the_run_is_warned_of(statement):
    _, (said,) = parsed(statement)
    assert (said.code, said.severity) == ("NEVE211", Severity.WARNING)
    assert parsed(statement, declared=True)[1] == []


def test_a_name_put_together_of_two_literals_stands_nowhere():
    text = "execute immediate 'delete from t' || 'u where x in (select x from v)'"
    facts, _ = parsed(text)
    assert [text[one.start : one.end] for one in facts.references] == ["", "v"]


def test_a_value_that_is_used_twice_is_not_changed_in_its_place():
    once, _ = parsed("begin let s := 'delete from t'; execute immediate s; end")
    twice, _ = parsed("begin let s := 't'; execute immediate 'delete from ' || s; return s; end")
    assert [one.end - one.start for one in (*once.references, *twice.references)] == [1, 0]


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        ("'a'", ["a"]),
        ("iff(x > f(1, 2), 'a', 'b')", ["a", "b"]),
        ("case when a = 'q' then 'x' when (select 1) then iff(b, 'y', case c when 1 then 'u' else 'v' end) else 'z' end",  # noqa: E501
         ["x", "y", "u", "v", "z"]),
        ("case when a then 'x' end", None),
        ("iff(a, 'x', b)", None),
        ("iff(a, 'x', 'y') || 'z'", None),
        ("case when a then 'x' else 'y' end || 'z'", None),
        ("case a when 'x' then 'y' else 'z' end = case b when 1 then 'u' else 'v' end", None),
        ("'x', 'y'", None),
    ],
)  # fmt: skip
def test_return_values_that_are_a_choice_of_literals(call, texts):
    sql = f"call system$set_return_value({call})"
    facts, _ = parsed(sql)
    assert facts.returns
    assert (facts.values and [one.text for one in facts.values]) == texts
    assert all(sql[one.start : one.end] == f"'{one.text}'" for one in facts.values or ())
