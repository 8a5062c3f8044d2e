/*---
materialized: incremental
unique_key: x
incremental_strategy: delete+insert
---
*/
select x, avg(y) as y from near_points group by x
