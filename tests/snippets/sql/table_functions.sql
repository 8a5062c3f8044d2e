-- Table functions read no table that is named.
-- reads: DATES_OVERRIDE
select d.day, s.value, r.*
from (select dateadd(day, seq4(), '2024-01-01')::date as day from table(generator(rowcount => 366))) d
left join dates_override o on o.day = d.day,
    lateral split_to_table(o.flags, '|') s,
    table(result_scan(last_query_id())) r;
