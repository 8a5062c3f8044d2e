-- A block counts what it loaded, and hands it on.
-- reads: STAGING.ORDERS
-- inserts: CORE.ORDERS
-- returns: yes
declare
    loaded integer default 0;
    started timestamp_ntz := current_timestamp();
begin
    insert into core.orders select *, :started from staging.orders;
    loaded := sqlrowcount;
    call system$set_return_value(:loaded::varchar);
end;
