create or replace table t_a as select 1 as x; call system$set_return_value('1')
