-- Literal parts are read, the names of variables that are assigned once too.
-- reads: STG.ORDERS
-- replaces: CORE.ORDERS_2024
declare
    target varchar default 'core.orders_2024';
    year int;
begin
    execute immediate 'create or replace table ' || target || ' as select * from stg.orders where y = ' || :year;
end;
