-- A loop over columns; the table is named once.
-- reads: ref(stg_payments)
{% set methods = ["bank_transfer", "credit_card", "gift_card"] %}
select
    order_id,
    {%- for method in methods %}
    sum(case when payment_method = '{{ method }}' then amount end) as {{ method }}_amount
    {%- if not loop.last %},{% endif -%}
    {% endfor %}
from {{ ref('stg_payments') }}
group by 1
