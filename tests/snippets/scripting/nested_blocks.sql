-- Blocks in blocks, each with its own handler and variables.
-- reads: A, B
-- inserts: X, Y, Z
begin
    begin
        let v := (select max(id) from a);
        insert into x values (:v);
    exception
        when other then
            insert into y values ('x failed');
    end;
    declare
        w int default 1;
    begin
        insert into z select :w + id from b;
    end;
end;
