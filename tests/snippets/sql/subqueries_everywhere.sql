-- A subquery in every clause that takes one.
-- reads: BASE, IN_SELECT, IN_JOIN, IN_WHERE, IN_IN, IN_HAVING, IN_ORDER, IN_CASE, IN_ANY
select
    b.id,
    (select max(v) from in_select s where s.id = b.id) as top,
    case when b.id in (select id from in_case) then 1 else 0 end as flagged
from base b
join (select id from in_join) j on j.id = b.id and j.id = any (select id from in_any)
where exists (select 1 from in_where w where w.id = b.id)
  and b.id not in (select id from in_in)
group by b.id
having count(*) > (select avg(n) from in_having)
order by (select max(rank) from in_order);
