-- dbt's spelling
select id as order_id, customer as customer_id, placed_at, amount
from {{ source('shop', 'orders') }}
where placed_at >= '{{ var("first_day") }}'
