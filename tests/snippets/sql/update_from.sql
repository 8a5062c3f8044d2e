-- UPDATE with other tables, and with a subquery on the right of SET.
-- reads: STAGING.STATUS, SHIPMENTS, CARRIERS
-- inserts: ORDERS
update orders o
set o.status = s.status,
    o.carrier = (select c.name from carriers c where c.id = h.carrier_id),
    o.updated_at = current_timestamp
from staging.status s
join shipments h on h.order_id = s.order_id
where o.order_id = s.order_id and o.status <> s.status;
