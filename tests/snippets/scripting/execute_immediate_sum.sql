-- Literals added up are one literal; a value between them does not hide the table.
-- reads: STAGING.EVENTS
-- inserts: CORE.EVENTS, CORE.OLD_EVENTS
begin
    let day varchar := to_varchar(current_date());
    execute immediate 'insert into core.events '
        || 'select * from staging.events';
    execute immediate 'delete from core.old_events where day < ''' || day || '''';
end;
