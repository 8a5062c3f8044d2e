-- Snowflake's own tables are reads like others.
-- reads: SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
-- inserts: OPS.SLOW_QUERIES
insert into ops.slow_queries
select query_id, total_elapsed_time from snowflake.account_usage.query_history where total_elapsed_time > 60000;
