-- A loop over a list, with a ref in each turn.
-- reads: ref(orders_de), ref(orders_fr), ref(orders_it)
{% set countries = ['de', 'fr', 'it'] %}

{% for country in countries %}
select '{{ country | upper }}' as country, * from {{ ref('orders_' ~ country) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
