"""Columns by example: what a query gives, and which names in it are no column."""

import pytest
from hypothesis import given as given_of
from hypothesis import settings
from hypothesis import strategies as st

from neve.columns import Query
from neve.diagnostics.model import Span
from neve.parse_sql import parse_sql

TABLES = {
    "T": ("A", "B", "C"),
    "U": ("A", "X"),
    "ORDERS": ("ID", "CUSTOMER", "PAYLOAD"),
    "QUOTED": ("a", "B"),
    "UNKNOWN": None,
}


FLATTENED = ("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS")


def query(sql):
    said = []
    facts = parse_sql(sql, lambda start, end: Span("f", start, end), said.append)
    assert not said
    names = {one.start: one.parts[-1].rpartition(".")[2].upper() for one in facts.references}
    tables = {start: TABLES.get(name if name in TABLES else "") for start, name in names.items()}
    return Query(facts.scopes, tables.get, names.__getitem__), facts


def given(sql):
    found, facts = query(sql)
    return found.given(facts.result)


def wrong(sql):
    return [sql[one.column.start : one.column.end] for one in query(sql)[0].problems()]


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ('select a, b as x, a + 1 as "y", count(*) from t', ("A", "X", "y", "")),
        ("select * from t", ("A", "B", "C")),
        ("select *, x from t join u using (a)", ("A", "B", "C", "X", "X")),
        ("select u.*, t.b from t, u", ("A", "X", "B")),
        ("select * exclude (a, b) from t", ("C",)),
        ("select * exclude a rename (b as z) from t", ("Z", "C")),
        ("select * from unknown", None),
        ("select a from unknown", ("A",)),
        ("select *, 1 as z from (select a as q from t) s", ("Q", "Z")),
        ("with x as (select a as q from t), y as (select * from x) select * from y", ("Q",)),
        ("with x(m, n) as (select a, b from t) select * from x", ("M", "N")),
        ("select * from (select a, b from t) as s(m)", ("M", "B")),
        ("select a from t union all select x from u", ("A",)),
        ("select * ilike '%a%' from t", None),
        ("select * from t pivot (sum(a) for b in ('x', 'y' as why))", ("C", "'x'", "WHY")),
        ("select * from t pivot (sum(a) for b in ('x', 'y')) as p (m, n)", ("M", "N", "'y'")),
        ("select * from t pivot (sum(a) for b in (any order by b))", None),
        ("select * from t pivot (sum(a) as s, max(a) as m for b in ('x'))", None),
        ("select * from t unpivot (v for k in (a, b))", ("C", "K", "V")),
        ("select p.* from (select a, b from t) unpivot (v for k in (a, b as bee)) p", ("K", "V")),
        ("select * from t, lateral flatten(input => c) f", ("A", "B", "C", *FLATTENED)),
        ("select f.* from t, table(flatten(c)) f(s, k)", ("S", "K", *FLATTENED[2:])),
        ("select s.* from u, lateral split_to_table(x, ',') s", ("SEQ", "INDEX", "VALUE")),
        ("select * from values (1, 'a'), (2, 'b')", ("COLUMN1", "COLUMN2")),
        ("select v.* from (values (1, 'a')) as v(n)", ("N", "COLUMN2")),
        ("select * from table(generator(rowcount => 3))", None),
        ("select * from t join u on true", ("A", "B", "C", "A", "X")),
        ("select t.*, u.* from t join u using (a)", ("A", "B", "C", "X")),
    ],
)
def test_what_a_query_gives(sql, columns):
    assert given(sql) == columns


NAMED = [
    ("select a, d from t", ["d"]),
    ("select t.d, t.a, v.d from t", ["t.d", "v.d"]),
    ("select t.a from t as x", ["t.a"]),
    ("select q.a from unknown", ["q.a"]),
    ("select payload.a from orders", []),
    ("select b from t where exists (select 1 from u where u.a = t.a and v.a = 1)", ["v.a"]),
    ("select q.a from t, lateral flatten(input => c)", ["q.a"]),
    ('select t.a, t.z, u.x from "neve"."ref"."t" join "neve"."source"."s.u" on t.a = u.a', ["t.z"]),
    ("select x.d from t as x where x.a > x.e", ["x.d", "x.e"]),
    ("select s.q from (select a as p from t) s", ["s.q"]),
    ("with x as (select a as q from t) select q, a from x", ["a"]),
    ("select a from t join u on t.a = u.y", ["a", "u.y"]),
    ("select b, x from t join u using (a) where a > 1", []),
    ("select a from t natural join u", []),
    ("select a, x, b, y from t natural join u", ["y"]),
    ("select a, k from t natural join unknown", []),
    ("select b, a from t natural join u join orders natural join quoted", []),
    ("select b as n from t where n > 1 group by n having n > 2 order by n", []),
    ("select b, b + 1 as n, n + 1 as m from t qualify row_number() over (partition by n order by m, z) = 1", ["z"]),
    ("select b from t where exists (select 1 from orders where id = b and customer = t.c and k = 1)", ["k"]),
    ("select (select max(x) from u where u.a = t.a and u.b = t.b) from t", ["u.b"]),
    ("select a from t where d in (select a from unknown)", ["d"]),
    ("select d from t, unknown", []),
    ("select payload:a.b::int, payload['x'] from orders", []),
    ("select payloat:a.b from orders", ["payloat"]),
    ("select f.value:x, value, index from orders, lateral flatten(input => payload) f", []),
    ("select f.value from orders, lateral flatten(input => paylod) f", ["paylod"]),
    ("select f.val, flatten.key from orders, lateral flatten(payload) f, lateral flatten(f.value)", ["f.val"]),
    ("select 1 from orders o, lateral flatten(o.payload) f, lateral flatten(value) g, table(flatten(z)) h", ["z"]),
    ("select 1 from t, table(flatten(input => u.a)) f, u", ["u.a"]),
    ("select (select max(value) from table(flatten(o.payload)) where index < o.idd) from orders o", ["o.idd"]),
    ("select s.value, s.key from u, lateral split_to_table(u.x, u.y) s", ["s.key", "u.y"]),
    ("select 1 from orders, table(forecast!explain(input_data => table(x)))", []),
    ("select c, \"'x'\", b from t pivot (sum(a) for b in ('x'))", ["b"]),
    ("select p.c, t.c from t pivot (sum(d) for e in ('x')) as p", ["t.c", "e", "d"]),
    ("select t.c from t pivot (sum(a) for b in ('x'))", []),
    ("select c, k, v, a from t unpivot (v for k in (a, z))", ["a", "z"]),
    ("select a from t start with d is null connect by prior a = e", ["e", "d"]),
    ("select connect_by_root b, level, connect_by_isleaf from t connect by prior a = t.b", []),
    ("select transform(c, (V int) -> v + a + d) from t", ["d"]),
    ("select * exclude (a) from t, u", []),
    ("select * exclude (a, z) rename (y as w) from t, u", ["z", "y"]),
    ("select t.* exclude a, u.* exclude (b) from t, u", ["b"]),
    ("select * replace (a + d as a) from t", ["d"]),
    ("select v.* from t", ["v"]),
    ("select t.*, count(u.*) from t", ["u"]),
    ("select 1 from t join u using (a) join quoted using (a, b)", ["a"]),
    ("select n, m from (values (1)) v(n)", ["m"]),
    ('select "a", a from quoted', ["a"]),
    ("select metadata$action, current_date, date_part(hour, a), datediff(day, a, d) from t", ["d"]),
    ("select transform(c, v -> v + 1), reduce(c, 0, (sum, e) -> sum + e:x) from t", []),
    ("select a, e from t union all select a, e from u", ["e", "e"]),
    ("insert into t select a, d from u", ["d"]),
    ("insert into t (a) select y from u", ["y"]),
    ("create table q as select d from u", ["d"]),
    ("insert into t (a, d) select a, x from u", ["d"]),
    ("insert into t (a, b) values (1, (select d from u))", ["d"]),
    ("insert overwrite into t (z) with x as (select a from u) select w from x", ["w", "z"]),
    ("insert into unknown (a) select x from u", []),
    ("insert into t (a) select * from unknown", []),
    ("insert first when x > 1 then into t (a, d) values (a, y) else into u (a, x) select a, x from u", ["d", "y"]),
    ("insert all when q > 1 then into t select a, x from u", ["q"]),
    ("update t set a = (select max(y) from u where u.z = t.q)", ["y", "t.q", "u.z"]),
    ("update t set d = 1, t.b = u.x from u where t.a = u.a and c = y", ["y", "d"]),
    ("update t as w set w.a = x.e from (select a as e from u) x where w.b = x.f and t.c = 1", ["t.c", "x.f"]),
    ("update t set x = u.x from u where t.a = u.a", ["x"]),
    ("update t set a = default, b = defalt", ["defalt"]),
    ("insert all into t (a, b) values (a, default) into t (a) values (w) select a from u", ["w"]),
    ("merge into t using u on b = x when not matched then insert (a, b) values (u.a, default)", []),
    ("update unknown set a = x.b from u x", ["x.b"]),
    ("delete from t using u where t.zzz = u.a", ["t.zzz"]),
    ("delete from t where a in (select a from u where x = b and y = 1)", ["y"]),
    ("merge into t using (select q from u) s on t.a = s.w when matched then delete", ["q", "s.w"]),
    ("merge into t using u on t.a = u.a when matched and c > x then update set b = x, d = 1, t.c = y", ["d", "y"]),
    ("merge into t using u on t.a = u.a when not matched and a > 1 then insert (a, d) values (a, b)", ["d", "b"]),
    ("merge into t as z using u as w on z.a = w.a when not matched then insert values (w.a, z.a)", ["z.a"]),
    ("merge into t using u on b = x when matched then update all by name when not matched then insert all by name", []),
    ("merge into t using unknown u on t.d = u.e when matched then update set u = 1", ["u", "t.d"]),
    ("begin select nothing from t; end", []),
    ("select t.a from (t join u on t.a = u.a)", []),
    ("select n from values (1) as v(n)", []),
    ("select seq.nextval, $1, t.$1 from t", []),
    ("with recursive r as (select a from t union all select b from r) select a, b from r", ["b", "b"]),
    ("with r (m, n) as (select a, b from t union all select o, n + 1 from r where m < z) select m from r", ["o", "z"]),
    ("with r as (select * from t union all select r.a, d, r.c from r join u on r.a = u.x) select a from r", ["d"]),
    ("with r as (select * from unknown union all select a, d from r) select e from r", []),
    ("with t as (select a, b from t union all select a, x from u) select b from t", []),
    ("select hour, tt.hour, s.nextval, seq.nextval from t, u s", ["tt.hour"]),
    ("select t.a from t join u on t.a = uu.day", ["uu.day"]),
    ("select 1 from t order by t.a, t.d", ["t.d"]),
    ("select a.b.c from t", []),
    ("select 1 as a; select a, e from u", ["e"]),
]


@pytest.mark.parametrize(("sql", "names"), NAMED)
def test_names_that_are_no_column(sql, names):
    assert wrong(sql) == names


def test_a_pattern_gives_no_columns_of_a_query_without_a_name():
    assert given("select * ilike '%a%' from (select a, b from t)") is None


def test_a_name_of_two_tables_is_ambiguous():
    sql = "select a from t join u on t.b = u.x"
    (problem,) = query(sql)[0].problems()
    assert problem.sources == ("T", "U")


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select t.a, u.a from t, u", ("A",)),
        ("select * from t join u on t.a = u.a", ("A",)),
        ("select * from t join u using (a)", ()),
        ("select t.*, u.* from t join u using (a)", ()),
        ("select *, upper(b) as b from t", ("B",)),
        ("select unknown.*, t.a, unknown.a from unknown, t", ("A",)),
        ('select a, a as "a" from t', ()),
        ("select 1, 2, count(*), count(*) from t", ()),
        ("select b, b from t union all select a, c from t", ("B",)),
        ("select a, b from t union all select a, a from t", ()),
        ("with x as (select a, a from t) select 1 as a from x", ()),
        ("select t.* exclude (a), u.* from t, u", ()),
        ("select t.* rename (a as x), u.* exclude (a) from t, u", ("X",)),
        ("select * from t natural join u", ()),
    ],
)
def test_names_that_two_columns_have(sql, names):
    found, facts = query(sql)
    assert found.twice(facts.result) == names


@given_of(st.sampled_from([sql for sql, _ in NAMED]), st.sets(st.sampled_from(sorted(TABLES))))
@settings(max_examples=300, deadline=None)
def test_a_column_that_is_left_out_as_settled_is_right_whatever_the_tables_have(sql, known):
    def problems():
        facts = parse_sql(sql, lambda start, end: Span("f", start, end), print)
        names = {one.start: one.parts[-1].rpartition(".")[2].upper() for one in facts.references}
        tables = {start: TABLES[name] for start, name in names.items() if name in known}
        return list(Query(facts.scopes, tables.get, names.__getitem__).problems())

    settled = problems()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("neve.parse_sql.unsettled", tuple)
        assert problems() == settled


def test_only_what_depends_on_tables_is_kept_to_be_asked_again():
    facts = parse_sql("with x as (select a as q, b from t) select q, x.b, z from x", Span, print)
    assert [[column.name for column in scope.columns] for scope in facts.scopes] == [["A", "B"], ["Z"]]
