-- reads: STG.ORDERS
-- inserts: CORE.BIG, CORE.SMALL, CORE.ALL_ORDERS, CORE.REST
insert all
    when amount > 1000 then
        into core.big (id, amount) values (id, amount)
        into core.all_orders
    when amount > 0 then into core.small (id) values (id)
    else into core.rest
select id, amount from stg.orders;
