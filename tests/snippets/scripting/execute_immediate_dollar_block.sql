-- The whole block in EXECUTE IMMEDIATE.
-- reads: B
-- inserts: A
execute immediate $$
declare
    n int default 1;
begin
    insert into a select * from b where id > :n;
end;
$$;
