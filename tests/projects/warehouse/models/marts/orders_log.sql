{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, customer_id, amount, placed_at as seen_at
from {{ ref('stg_orders') }}
{% if is_incremental() %}where placed_at > (select max(seen_at) from {{ this }}){% endif %}
