-- inserts: TABLES
begin
    show tables in schema core;
    insert into tables select "name", "rows" from table(result_scan(last_query_id()));
    let q varchar := sqlid;
    insert into tables select $1, $2 from table(result_scan(:q));
end;
