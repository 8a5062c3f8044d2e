-- All kinds of joins, some without a condition.
-- reads: A, B, C, D, E, F
select *
from a
    natural join b
    full outer join c using (id)
    cross join d
    right join e on e.id = a.id,
    f;
