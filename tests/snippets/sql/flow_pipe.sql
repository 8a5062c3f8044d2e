-- The pipe between statements: each reads what the one before it gave.
-- reads: OPS.TASKS
-- inserts: OPS.TASK_STATES
show tasks ->> insert into ops.task_states select "name", "state" from $1 where "name" in (select name from ops.tasks);
