-- reads: RAW.ORDERS, RAW.CUSTOMERS
-- replaces: CORE.DT
-- alters: CORE.DT
create or replace dynamic table core.dt target_lag = '5 minutes' warehouse = wh refresh_mode = incremental initialize = on_create
as select o.id, c.name from raw.orders o join raw.customers c on c.id = o.customer_id;
alter dynamic table core.dt refresh;
