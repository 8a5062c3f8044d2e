create or replace table t_b as select * from t_a
