/*---
schema: run
columns: [{name: id, tests: [not_null]}]
---
*/
select * from good_orders
