-- reads: LEDGER
-- inserts: DELTAS
insert into deltas select *, metadata$action from ledger changes (information => default) at (timestamp => dateadd(hour, -1, current_timestamp())) end (timestamp => current_timestamp());
