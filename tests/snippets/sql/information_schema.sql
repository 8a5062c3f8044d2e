-- Snowflake's own views are read, its table functions are not.
-- reads: INFORMATION_SCHEMA.TABLES, SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
-- inserts: OPS.SIZES
insert into ops.sizes
select t.table_name, t.row_count, h.total
from information_schema.tables t
left join (
    select count(*) as total from snowflake.account_usage.query_history where start_time > current_date()
) h
cross join table(information_schema.task_history(scheduled_time_range_start => dateadd(hour, -1, current_timestamp())));
