-- reads: S1
-- inserts: T1
begin
    if (system$stream_has_data('s1')) then
        insert into t1 select * from s1;
    end if;
end;
