-- INSERT with columns, several rows, subqueries in VALUES, a CTE behind INTO.
-- reads: STAGING.PRICES, FX, PRICES
-- inserts: PRICES, AUDIT.LOADS
insert into prices (sku, price, loaded_at) values ('a', 1.5, default), ('b', (select max(rate) from fx), null);
insert into prices
with latest as (select sku, price from staging.prices qualify rank() over (order by day desc) = 1)
select sku, price, sysdate() from latest;
insert into audit.loads select 'prices', count(*) from prices;
