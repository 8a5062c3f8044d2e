-- reads: RAW.ORDERS_STREAM
-- inserts: CORE.A, CORE.B
begin
    insert all
        when action = 'INSERT' then into core.a values (id)
        else into core.b values (id)
    select id, metadata$action as action from raw.orders_stream;
    return sqlrowcount || ' rows';
end;
