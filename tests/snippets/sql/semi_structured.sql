-- Paths, casts, objects, lambdas; none of it a table.
-- reads: RAW.DOCS
select
    d.v:a.b[0]."C d"::variant as x,
    {'k': d.v:k, 'n': [1, 2, d.n]} as obj,
    filter(d.v:items::array, i -> i:price > 10) as pricey,
    transform(d.list, a int -> a + 1),
    reduce([1, 2, 3], 0, (acc, val) -> acc + val),
    d.*,
    object_construct_keep_null(*) as whole
from raw.docs as d
where d.v:tags ilike any ('%a%', '%b%') escape '!' and d.n not between 1 and 2 and d.v is distinct from null;
