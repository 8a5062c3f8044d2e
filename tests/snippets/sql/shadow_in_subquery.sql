-- A CTE inside a subquery hides the table there, and only there.
-- reads: ORDERS, RAW.ORDERS
select *
from (with orders as (select * from raw.orders where not deleted) select * from orders) o
join orders using (order_id);
