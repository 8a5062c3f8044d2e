/*---
graph: housekeeping
schema: run
after: audit
warehouse: '"Large One"'
---
*/
delete from raw.events using old_ids where events.id = old_ids.id
