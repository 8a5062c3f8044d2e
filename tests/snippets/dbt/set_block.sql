-- A block of SQL kept in a variable of Jinja.
-- reads: ref(raw_events)
{% set filtered %}
    select * from {{ ref('raw_events') }} where kind = 'click'
{% endset %}
with filtered as ({{ filtered }})
select count(*) as n from filtered
