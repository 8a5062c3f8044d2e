{{ config(materialized='table') }}

with orders as (
    select * from {{ ref('orders') }}
)

select customer_id, count(*) as orders, sum(amount) as spent
from orders
group by customer_id
