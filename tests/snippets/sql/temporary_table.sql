-- A temporary table is the task's own affair.
-- reads: RAW.ORDERS
-- inserts: CORE.ORDERS
create or replace temporary table new_orders as select * from raw.orders where loaded_at > current_date();
insert into core.orders select * from new_orders;
drop table new_orders;
