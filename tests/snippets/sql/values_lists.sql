-- Rows from nowhere, joined to one table.
-- reads: PLANS
select p.name, v.column2, w.label
from plans p
join (values (1, 'basic'), (2, 'pro')) v on p.id = v.column1
join (values (1, 'x')) as w (id, label) on w.id = p.id
cross join table(generator(rowcount => 10)) g
cross join table(split_to_table('a.b.c', '.')) s;
