/*---
materialized: table
---
*/
select points.x, points.y from points where points.x is not null
