-- A table of the same name as a CTE is the target.
-- reads: RAW.T
-- inserts: T
insert into t with t as (select * from raw.t) select * from t;
