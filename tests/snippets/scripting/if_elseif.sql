-- Each branch touches another table.
-- reads: OPS.SWITCHES, LANDING.FULL_DUMP, LANDING.DELTA
-- replaces: CORE.STATE
-- inserts: CORE.STATE
-- truncates: CORE.STATE
begin
    let mode varchar := (select max(mode) from ops.switches);
    if (mode = 'full') then
        create or replace table core.state as select * from landing.full_dump;
    elseif (mode = 'delta' and exists (select 1 from landing.delta)) then
        merge into core.state t using landing.delta d on t.id = d.id
            when matched then update set t.v = d.v
            when not matched then insert (id, v) values (d.id, d.v);
    else
        truncate table core.state;
    end if;
end;
