/*---
materialized: view
columns: [{name: id, tests: [not_null]}]
---
*/
select * from orders
