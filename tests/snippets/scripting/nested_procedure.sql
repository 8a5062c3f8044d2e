-- A procedure of the block alone.
-- reads: SRC
-- inserts: DST
declare
    copy_rows procedure (n int) returns int
    as
    begin
        insert into dst select * from src limit :n;
        return sqlrowcount;
    end;
begin
    call copy_rows(3);
    call copy_rows(4);
end;
