-- reads: RAW.FACTS
-- replaces: FACTS__NEW, FACTS
-- drops: FACTS__NEW
create or replace table facts__new as select * from raw.facts;
alter table if exists facts swap with facts__new;
drop table facts__new;
