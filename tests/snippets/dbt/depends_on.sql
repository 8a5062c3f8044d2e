-- What dbt cannot see without running a query is stated in a comment.
-- reads: ref(plan), ref(rules), source(shop.orders), ref(live)
--  depends_on: {{ ref("plan") }}, {{ ref('rules') }}
--depends_on: {{ source('shop', 'orders') }}
{{ config(materialized='table') }}
select '-- depends_on: {{ ref("in_text") }}' as a
from {{ ref('live') }} -- as was {{ ref('in_comment') }}
