-- Refs in subqueries, joins and lists.
-- reads: ref(base_users), ref(banned), source(crm.accounts)
select u.id, u.email
from {{ ref("base_users") }} as u
join (
    select account_id, max(closed_at) as closed_at
    from {{ source("crm", "accounts") }}
    group by 1
) a on a.account_id = u.account_id
where u.id not in (select user_id from {{ ref('banned') }})
