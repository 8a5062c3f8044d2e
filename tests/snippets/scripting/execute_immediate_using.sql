-- reads: RAW.T
-- inserts: CORE.T
begin
    let day date := current_date() - 1;
    let n int := 5;
    execute immediate 'insert into core.t select * from raw.t where day = ? limit ?' using (day, n);
end;
