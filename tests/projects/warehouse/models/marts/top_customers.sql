/*---
materialized: view
---
*/
select * from revenue order by revenue desc limit 10
