/*---
graph: housekeeping
schema: run
---
*/
execute immediate 'insert into main.log select ''x'', count(*) from raw.events';
create table old_ids as select id from events where id < 10
