-- reads: A, B, C, D
select * from a left join (b inner join c on b.id = c.id) on a.id = b.id cross join (select * from d) d2;
