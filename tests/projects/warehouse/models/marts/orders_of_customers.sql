/*---
transient: true
---
*/
select paid_orders.* from paid_orders join {{ ref('stg_customers') }} c using (customer_id)
