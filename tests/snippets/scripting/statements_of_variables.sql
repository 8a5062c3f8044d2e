-- reads: RAW.U, RAW.V, RAW.LOGGED
-- inserts: RAW.SRC, CORE.T
declare
    gone resultset default (delete from raw.src where a is null);
    n integer;
    name varchar default 'core.t';
begin
    let made resultset := (insert into core.t select * from raw.u);
    let text := insert('abc', 1, 2, 'x');
    select count(*), max(a) into n, :text from raw.v;
    system$log_info('rows: ' || n);
    system$log('debug', (select max(a) from raw.logged));
    insert into identifier(:name) select 1;
    return table(gone);
end;
