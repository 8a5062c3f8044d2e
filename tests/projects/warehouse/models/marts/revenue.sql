/*---
cluster_by: [customer_id]
copy_grants: true
---
What each customer's orders come to.
*/
with orders as (select * from orders_of_customers),
totals as (
  select orders.customer_id, sum(orders.amount) as revenue
  from orders
  group by 1
)
select stg_customers.name, totals.* from totals join stg_customers using (customer_id)
