-- EXECUTE-free oddities: parentheses around tables, aliases without AS, a trailing comma.
-- reads: A, B, C
select x.id, y.id,
from (a x join b y on x.id = y.id)
left join ((select * from c)) z on z.id = x.id;
