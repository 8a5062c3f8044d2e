-- asks: SETUP, choose
-- config: day
-- returns: yes
begin
    let day varchar := system$get_predecessor_return_value('SETUP');
    let conf := system$get_task_graph_config('day');
    let b := iff(system$get_predecessor_return_value('choose') = 'x', 'l', 'r');
    call system$set_return_value(:b);
end;
