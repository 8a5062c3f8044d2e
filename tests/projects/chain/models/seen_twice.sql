/*---
materialized: table
alias: seen
---
*/
select seen_once.x, o.y from seen_once join seen_once as o on seen_once.x = o.x
