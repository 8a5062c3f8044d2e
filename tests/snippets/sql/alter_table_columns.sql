-- Altering a table writes it.
-- alters: CORE.T
alter table core.t add column if not exists note varchar, flag boolean default false;
alter table core.t drop column old_note;
alter table core.t cluster by (id);
alter table core.t modify column name set data type varchar(200);
