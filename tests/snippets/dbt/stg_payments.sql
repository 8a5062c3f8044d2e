-- A staging model, as in everybody's first project.
-- reads: source(stripe.payment)
with source as (
    select * from {{ source('stripe', 'payment') }}
),

renamed as (
    select
        id as payment_id,
        orderid as order_id,
        {{ cents('amount') }} as amount
    from source
)

select * from renamed
