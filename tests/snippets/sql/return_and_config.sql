-- reads: SRC
-- asks: setup, LOAD
-- config: rows, a.b
-- returns: yes
-- inserts: DST
insert into dst select *, system$get_predecessor_return_value('setup') from src limit 10;
select system$get_task_graph_config('rows')::int, SYSTEM$GET_TASK_GRAPH_CONFIG('a.b');
call system$set_return_value('done ' || system$get_predecessor_return_value('LOAD'));
