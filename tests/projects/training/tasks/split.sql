create or replace table train as
select * from clean_points sample (80) seed (1);
create or replace table test as select * from clean_points
minus select * from train;
