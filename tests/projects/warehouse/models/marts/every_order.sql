/*---
materialized: incremental
---
*/
select * from stg_orders
