-- Grouping sets, windows with frames, functions with odd syntax.
-- reads: SALES
select
    region, product, grouping_id(region, product),
    listagg(distinct customer, ', ') within group (order by customer),
    sum(sum(amount)) over (partition by region order by product rows between unbounded preceding and current row),
    approx_percentile(amount, 0.5), extract(year from max(day)),
    position('a' in product), count_if(amount > 0)
from sales
group by grouping sets ((region, product), rollup (region), cube (product), ());
