-- Handlers write to a log, and raise again.
-- reads: STAGING.PAYMENTS
-- inserts: CORE.PAYMENTS, OPS.ERRORS, OPS.FATAL
declare
    too_many exception (-20001, 'more than we take');
    n int;
begin
    select count(*) into :n from staging.payments;
    if (n > 1000000) then
        raise too_many;
    end if;
    begin transaction;
    insert into core.payments select * from staging.payments;
    commit;
exception
    when too_many then
        insert into ops.errors values ('too many', :n, :sqlcode);
        raise;
    when statement_error or expression_error then
        rollback;
        insert into ops.errors select 'sql', :sqlerrm, :sqlstate;
    when other then
        insert into ops.fatal values (:sqlerrm);
        raise;
end;
