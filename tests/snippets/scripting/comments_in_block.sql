-- reads: REAL
-- inserts: DST
begin
    -- insert into dst select * from fake;
    /* let c cursor for select 1 from fake2; */
    insert into dst -- into nothing
    select * from real; // end;
end;
