-- An incremental model: it reads itself where it holds rows.
-- reads: ref(stg_orders), ref(stg_customers), this
{{
    config(
        materialized='incremental',
        unique_key='order_id',
        incremental_strategy='merge',
        tags=['finance', 'daily']
    )
}}

with orders as (
    select * from {{ ref('stg_orders') }}
    {% if is_incremental() %}
    where updated_at > (select coalesce(max(updated_at), '1900-01-01') from {{ this }})
    {% endif %}
)

select o.*, c.segment
from orders o
left join {{ ref('stg_customers') }} as c using (customer_id)
qualify row_number() over (partition by order_id order by updated_at desc) = 1
