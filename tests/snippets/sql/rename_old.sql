-- reads: SRC
-- drops: DAILY_OLD, DAILY
-- creates: DAILY_OLD, DAILY
drop table if exists daily_old;
alter table daily rename to daily_old;
create table daily as select * from src;
