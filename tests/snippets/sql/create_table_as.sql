-- CTAS with everything that may stand in between.
-- reads: CORE.ORDERS
-- replaces: REPORTING.BIG_ORDERS
create or replace transient table reporting.big_orders
    cluster by (to_date(ordered_at), region)
    data_retention_time_in_days = 1
    change_tracking = true
    copy grants
    comment = 'select * from nowhere'
as
select * from core.orders where amount > 1000;
