-- reads: CONFIG
-- inserts: LOG
insert into log (at, what, n) values (current_timestamp(), 'start', (select max(n) from config)), (current_timestamp(), 'end', default);
