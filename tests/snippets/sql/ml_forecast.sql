-- reads: HISTORY
-- calls: FC
create or replace snowflake.ml.forecast fc(input_data => table(history), timestamp_colname => 'ts', target_colname => 'y');
call fc!forecast(forecasting_periods => 7);
