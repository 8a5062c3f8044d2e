-- A cursor over a table; its fields go into scalars.
-- reads: STG.FILES, CORE.DONE
-- inserts: CORE.LOG
declare
    c1 cursor for select name, size from stg.files where not exists (select 1 from core.done d where d.name = files.name);
    total int default 0;
begin
    for f in c1 do
        let n varchar := f.name;
        insert into core.log (name) values (:n);
        total := total + f.size;
    end for;
    return total;
end;
