-- No reference at all.
{{ config(materialized='table') }}
select dateadd(day, seq4(), '2020-01-01'::date) as day
from table(generator(rowcount => 3650))
