-- What is commented out in Jinja is gone; what is commented out in SQL is rendered, and is still no reference.
-- reads: ref(live)
{# select * from {{ ref('gone') }} #}
select *
from {{ ref('live') }}
-- join {{ ref('in_comment') }} using (id)
/* join {{ source('shop', 'also_in_comment') }} */
