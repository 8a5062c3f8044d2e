-- Statements about the session name no table.
-- reads: ORDERS
-- inserts: ORDERS_COPY
use warehouse big_wh;
alter session set query_tag = 'load', timezone = 'UTC';
set cutoff = (select max(at) from orders);
insert into orders_copy select * from orders where at > $cutoff;
unset cutoff;
