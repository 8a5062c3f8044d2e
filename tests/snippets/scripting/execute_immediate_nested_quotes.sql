-- A statement that holds a string that holds a statement.
-- inserts: AUDIT
begin
    execute immediate 'insert into audit values (''delete from x where note = ''''y'''''')';
end;
