-- Return values and configuration in plain SQL.
-- reads: RUNS
-- asks: LOAD_ORDERS
-- config: retention.days
-- returns: yes
call system$set_return_value((
    select max(id) || ' of ' || system$get_predecessor_return_value('LOAD_ORDERS')
    from runs where age < system$get_task_graph_config('retention.days')::int
)::string);
