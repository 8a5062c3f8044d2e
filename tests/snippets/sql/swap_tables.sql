-- Build beside, then swap.
-- reads: RAW.ITEMS
-- replaces: ITEMS_NEW, ITEMS
-- drops: ITEMS_NEW
create or replace table items_new as select * from raw.items;
alter table items swap with items_new;
drop table if exists items_new;
