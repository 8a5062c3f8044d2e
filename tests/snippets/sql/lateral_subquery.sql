-- The last three orders of each customer, by a lateral subquery.
-- reads: CUSTOMERS, ORDERS
select c.customer_id, recent.order_id
from customers c,
    lateral (select o.order_id from orders o where o.customer_id = c.customer_id order by o.ordered_at desc limit 3) recent;
