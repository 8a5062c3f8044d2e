-- Views of all kinds.
-- reads: CORE.ORDERS
-- replaces: REPORTING.V_ORDERS, REPORTING.MV_ORDERS
-- creates: V_SECURE
create or replace view reporting.v_orders (id, amount comment 'in EUR') copy grants comment = 'x' as
    select id, amount from core.orders;
create secure view if not exists v_secure as select id from core.orders where region = current_region();
create or replace materialized view reporting.mv_orders cluster by (region) as
    select region, sum(amount) as amount from core.orders group by region;
