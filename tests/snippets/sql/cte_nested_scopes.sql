-- An inner WITH hides an outer one, only inside of its own parentheses.
-- reads: RAW_A, RAW_B, INNER_ONLY
with a as (select id from raw_a),
b as (
    with a as (select id from raw_b)
    select id from a
)
select a.id, x.n
from a
join b on a.id = b.id
join (with inner_only as (select 1 as id, 2 as n) select * from inner_only) x on x.id = a.id
where exists (select 1 from inner_only i where i.id = a.id);
