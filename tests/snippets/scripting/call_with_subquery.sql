-- reads: PARAMS
-- calls: LOAD_DAY
begin
    call load_day((select max(day) from params), dry_run => true);
end;
