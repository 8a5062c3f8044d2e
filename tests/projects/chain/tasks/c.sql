create or replace table t_c as select * from t_a, t_b
