/*---
materialized: ephemeral
---
*/
select x, 1 as y from t_b
