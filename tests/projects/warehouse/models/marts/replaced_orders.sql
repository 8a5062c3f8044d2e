/*---
materialized: incremental
incremental_strategy: delete+insert
unique_key: [order_id, customer_id]
---
*/
select * from stg_orders
