-- A transaction around statements.
-- reads: STAGING.ORDERS
-- inserts: CORE.ORDERS
begin transaction name load_orders;
delete from core.orders where day = current_date();
insert into core.orders select * from staging.orders;
commit;
