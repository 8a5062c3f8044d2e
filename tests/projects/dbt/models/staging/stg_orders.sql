with source as (
    select * from {{ source('raw', 'orders') }}
)

select
    id as order_id,
    customer as customer_id,
    ordered_at,
    {{ cents_to_euros('amount') }} as amount
from source
where ordered_at >= '{{ var("start_date") }}'
