-- What stands in comments and strings is no SQL.
-- reads: REAL_TABLE
select 'select * from nothing' as s, $$ from nothing_else $$ as t -- from nowhere
/* join hidden h on h.id = 1 */
from real_table // and not from that
where note = 'it''s from other; delete from x';
