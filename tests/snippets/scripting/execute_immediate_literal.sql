-- Statements in strings, in both kinds of quotes.
-- reads: STAGE_T, PARAMS
-- replaces: T_COPY
-- inserts: T_LOG, NOTES
begin
    execute immediate 'create or replace table t_copy as select * from stage_t';
    execute immediate $$insert into t_log select 'it''s done', p.v from params p where p.k = 'x'$$;
    execute immediate 'insert into notes values (?, ?)' using (1, 'b');
end;
