-- IDENTIFIER() where something is written.
-- reads: SRC
-- replaces: DB.OUT.TARGET
-- truncates: OLD
-- inserts: ADDED
create or replace table identifier('db.out.target') as select * from identifier('src');
truncate table identifier('old');
insert into identifier('added') select * from src;
