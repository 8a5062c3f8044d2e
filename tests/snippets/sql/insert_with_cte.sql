-- The CTE before INSERT's SELECT.
-- reads: RAW.T, RAW.U
-- inserts: CORE.T
insert into core.t (id, n)
with a as (select id from raw.t), b as (select id, count(*) n from raw.u group by id)
select a.id, b.n from a left join b on a.id = b.id;
