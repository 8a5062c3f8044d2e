-- The block stands in a string.
-- reads: STAGING.T
-- inserts: CORE.T
execute immediate $$
declare
    n int;
begin
    select count(*) into :n from staging.t;
    if (n > 0) then
        insert into core.t select * from staging.t;
    end if;
end;
$$;
