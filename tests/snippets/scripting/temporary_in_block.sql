-- A temporary table that the block makes for itself.
-- reads: RAW.CHANGES_STREAM
-- inserts: CORE.A, CORE.B
begin
    create or replace temporary table batch as select * from raw.changes_stream;
    insert into core.a select * from batch where kind = 'a';
    insert into core.b select * from batch where kind = 'b';
    drop table if exists batch;
end;
