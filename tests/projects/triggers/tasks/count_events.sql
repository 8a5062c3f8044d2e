/*---
graph: ingest
user_task_managed_initial_warehouse_size: SMALL
serverless_task_max_statement_size: LARGE
user_task_timeout_ms: 60000
---
*/
insert into counts select count(*) from raw.events
