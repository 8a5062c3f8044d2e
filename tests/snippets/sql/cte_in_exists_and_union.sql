-- CTEs of the whole statement are seen in all branches.
-- reads: T1, T2, T3
with a as (select id from t1), b as (select id from a union all select id from t2)
select id from b where exists (select 1 from a where a.id = b.id)
union all
(select id from t3 minus select id from a)
order by 1;
