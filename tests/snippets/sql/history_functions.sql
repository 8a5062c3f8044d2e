-- Functions of the information schema.
select name, state from table(information_schema.task_history(scheduled_time_range_start => dateadd('hour', -1, current_timestamp())))
union all
select table_name, status from table(db.information_schema.copy_history(table_name => 'RAW.ORDERS', start_time => dateadd(hours, -1, current_timestamp())));
