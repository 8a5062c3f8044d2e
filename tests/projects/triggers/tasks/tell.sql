/*---
finalize: ingest
---
It's over.
*/
call notify('it''s over', (select max(id) from raw.events))
