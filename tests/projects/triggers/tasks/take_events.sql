/*---
graph: ingest
execute_as_user: robot
---
*/
merge into events as e using new_events as n on e.id = n.id
when not matched then insert (id) values (n.id)
