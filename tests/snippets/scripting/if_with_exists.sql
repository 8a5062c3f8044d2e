-- reads: STG.NEW, CORE.DONE
-- inserts: CORE.ALL_ROWS
-- truncates: STG.NEW
begin
    if (exists (select 1 from stg.new where id not in (select id from core.done))) then
        insert into core.all_rows select * from stg.new;
        truncate table stg.new;
    elseif ((select count(*) from core.done) = 0) then
        return 'nothing';
    else
        null;
    end if;
end;
