-- inserts: RAW.T
-- reads: RAW.T
begin
    copy into raw.t from @raw.landing/x file_format = (type = json) match_by_column_name = case_insensitive;
    let n int := (select count(*) from table(validate(raw.t, job_id => '_last')));
    copy into @raw.out/x from raw.t overwrite = true;
end;
