-- reads: S, CONTROL
-- inserts: T, CONTROL
begin
    let last timestamp := (select max(at) from control);
    if (last is null or last < dateadd(hour, -1, current_timestamp())) then
        merge into t using (select * from s where at > :last) x on t.id = x.id
            when matched then update set v = x.v
            when not matched then insert (id, v) values (x.id, x.v);
        update control set at = current_timestamp(), n = :sqlrowcount;
    end if;
end;
