-- A procedure's result in a variable.
-- inserts: LOG
-- calls: OPS.CHECK_LOAD
declare
    result varchar;
begin
    call ops.check_load('orders', 10) into :result;
    insert into log values (:result);
    return result;
end;
