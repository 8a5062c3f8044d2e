/*---
materialized: table
---
What each customer has spent.
*/
select customer, count(*) as orders, sum(amount) as revenue
from {{ source('shop', 'orders') }}
group by customer
