-- A variable chooses, and the target does.
-- reads: ref(events), SEEDS.HOLIDAYS
select e.*
from {{ ref('events') }} e
{% if target.name == 'local' %}
left join seeds.holidays h on h.day = e.day
{% else %}
left join {{ ref('holidays') }} h on h.day = e.day
{% endif %}
where e.happened_at >= '{{ var("start_date", "2024-01-01") }}'
{% if target.name != 'local' %} and e.env = 'prod' {% endif %}
