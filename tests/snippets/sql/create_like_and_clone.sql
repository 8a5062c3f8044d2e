-- LIKE and CLONE read what they copy.
-- reads: CORE.ORDERS, CORE.CUSTOMERS
-- creates: SANDBOX.ORDERS_SHAPE
-- replaces: SANDBOX.CUSTOMERS_YESTERDAY
create table if not exists sandbox.orders_shape like core.orders;
create or replace table sandbox.customers_yesterday clone core.customers at (offset => -86400);
