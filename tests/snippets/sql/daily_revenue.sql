-- Revenue by day and channel, names in one to three parts.
-- reads: ORDERS, SALES.CHANNELS, REF.GEO.COUNTRIES
select
    date_trunc('day', o.ordered_at)::date as day,
    c.channel_name,
    g.country,
    sum(iff(o.status = 'PAID', o.amount, 0)) as revenue,
    count(distinct o.customer_id) as customers
from orders as o
    inner join sales.channels c on c.channel_id = o.channel_id
    left outer join ref.geo.countries g on g.iso2 = o.ship_to:country::string
where o.ordered_at >= dateadd(day, -30, current_date())
group by all
having revenue > 0
order by 1, revenue desc nulls last
limit 1000;
