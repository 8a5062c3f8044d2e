-- The name of the table is known only in the run, which is said.
-- reads: CONTROL.TABLES
-- warns: NEVE211
declare
    c cursor for select name from control.tables;
begin
    for t in c do
        execute immediate 'truncate table ' || t.name;
    end for;
end;
