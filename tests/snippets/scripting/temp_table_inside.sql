-- A temporary table of the block is no reference.
-- reads: RAW.T
-- replaces: CORE.T
begin
    create or replace temporary table tmp as select * from raw.t;
    create temp table tmp2 like tmp;
    insert into tmp2 select * from tmp;
    create or replace table core.t as select * from tmp join tmp2 using (id);
    drop table tmp2;
end;
