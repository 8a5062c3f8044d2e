/*---
materialized: dynamic_table
target_lag: 1 hour
refresh_mode: INCREMENTAL
---
*/
select date_trunc('day', placed_at) as day, sum(amount) as revenue from orders_of_customers group by 1
