-- A stream is read like a table.
-- reads: SALES.ORDERS_STREAM
-- inserts: SALES.ORDERS_HISTORY
insert into sales.orders_history (order_id, amount, action, seen_at)
select order_id, amount, metadata$action, current_timestamp()
from sales.orders_stream
where metadata$action = 'INSERT' and not metadata$isupdate;
