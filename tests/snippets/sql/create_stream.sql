-- A stream is made on a table.
-- reads: RAW.ORDERS
-- replaces: RAW.ORDERS_STREAM
create or replace stream raw.orders_stream on table raw.orders append_only = true show_initial_rows = false;
