-- Calls with results, in expressions and as sources.
-- reads: STATS
-- inserts: RESULTS
-- calls: COMPUTE, OPS.NOTIFY, DB2.OPS.CLEAN, LIST_FILES
declare
    n int;
    r resultset;
begin
    n := (call compute(1));
    call ops.notify('done', :n) into :n;
    let x := (call db2.ops.clean());
    r := (call list_files('@stage'));
    insert into results select * from table(result_scan(last_query_id()));
    insert into results select max(v), :n, :x from stats;
    return table(r);
end;
