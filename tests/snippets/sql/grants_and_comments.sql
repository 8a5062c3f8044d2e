-- About objects, not rows: nothing is read.
grant select on table core.t to role reader;
comment on table core.t is 'see select * from x';
alter warehouse big_wh resume if suspended;
show tables in schema core;
describe table core.t;
