/*---
materialized: ephemeral
---
*/
select * from stg_orders where amount > 0 -- nothing for free
