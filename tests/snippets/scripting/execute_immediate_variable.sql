-- A statement in a variable that is assigned once, from a literal.
-- reads: SRC
-- inserts: DEST
begin
    let stmt varchar := 'insert into dest select * from src';
    execute immediate :stmt;
end;
