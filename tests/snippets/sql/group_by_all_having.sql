-- reads: SALES.ORDERS, SALES.REGIONS
select r.name, year(o.at) y, sum(o.amount) total, listagg(distinct o.kind, ',') within group (order by o.kind) kinds
from sales.orders o natural join sales.regions r
group by all having total > (select avg(amount) from sales.orders) qualify rank() over (partition by y order by total desc) <= 3;
