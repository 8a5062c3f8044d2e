-- reads: CORE.V_ORDERS, CORE.ORDERS
-- replaces: CORE.V_STREAM
-- creates: CORE.O_STREAM
create or replace stream core.v_stream on view core.v_orders append_only = true show_initial_rows = true;
create stream if not exists core.o_stream on table core.orders at (offset => -60);
