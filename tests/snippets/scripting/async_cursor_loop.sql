-- reads: JOBS
-- calls: RUN_JOB
begin
    let c cursor for select id from jobs;
    for j in c do
        let id int := j.id;
        async (call run_job(:id));
    end for;
    await all;
end;
