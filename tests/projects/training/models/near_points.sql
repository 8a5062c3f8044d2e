-- a view in the schema of the run is made by a task
select * from clean_points where x < 1
