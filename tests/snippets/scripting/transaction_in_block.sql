-- reads: STG.T, CORE.T
-- inserts: CORE.T
begin
    begin transaction;
    delete from core.t where id in (select id from stg.t);
    insert into core.t select * from stg.t;
    if (sqlrowcount = 0) then
        rollback;
    else
        commit;
    end if;
    let n int := (select count(*) from core.t);
exception
    when other then
        rollback;
        raise;
end;
