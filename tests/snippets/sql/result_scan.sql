-- Results of earlier statements are no tables.
-- inserts: OPS.TASK_LIST
show tasks in account;
insert into ops.task_list select "name", "state" from table(result_scan(last_query_id()));
