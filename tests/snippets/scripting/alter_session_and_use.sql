-- What has nothing to do with tables.
-- reads: SRC
-- inserts: DEST
begin
    alter session set timezone = 'UTC', query_tag = 'from load';
    use warehouse load_wh;
    insert into dest select * from src;
    alter warehouse load_wh suspend;
    grant select on table dest to role analyst;
    comment on table dest is 'select * from nothing';
    return 'done: ' || sqlrowcount || ' rows from src';
end;
