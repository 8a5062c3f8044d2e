-- reads: A, B, C, D, E
select (select max(x) from a), case when exists (select 1 from b) then 1 else (select min(y) from c) end
from d
where x > all (select z from e) qualify row_number() over (order by (select 1)) = 1
order by (select count(*) from a);
