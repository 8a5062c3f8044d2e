-- reads: STAGE_T
-- inserts: FINAL_T
-- truncates: STAGE_T
begin
    let src varchar := 'stage_t';
    let dst varchar := 'final' || '_t';
    insert into identifier(:dst) select * from identifier(:src);
    truncate table identifier(:src);
end;
