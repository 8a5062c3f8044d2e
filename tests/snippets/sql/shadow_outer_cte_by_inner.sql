-- The inner CTE of a name takes precedence over the outer one.
-- reads: A_SRC, B_SRC
with t as (select * from a_src)
select * from t where id in (with t as (select * from b_src) select id from t);
