-- reads: STG
-- inserts: CORE
begin transaction;
delete from core where id in (select id from stg);
insert into core select * from stg;
commit;
