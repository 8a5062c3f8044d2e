-- Return values of two tasks, configuration, and what is handed on.
-- reads: CORE.FACTS
-- replaces: CORE.SUMMARY
-- asks: SPLIT, TRAIN_MODEL
-- config: env
-- returns: yes
declare
    parts varchar;
    accuracy float;
begin
    parts := (select system$get_predecessor_return_value('SPLIT'));
    accuracy := (call system$get_predecessor_return_value('TRAIN_MODEL'))::float;
    let env := system$get_task_graph_config('env');
    create or replace table core.summary as select :parts as p, :accuracy as a, count(*) as n from core.facts;
    if (env = 'prod') then
        call system$set_return_value('ok');
    else
        call system$set_return_value('not here');
    end if;
end;
