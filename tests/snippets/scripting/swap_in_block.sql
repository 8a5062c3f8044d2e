-- reads: SRC, T
-- replaces: T, T_NEW
-- drops: T_NEW
begin
    create or replace table t_new clone t;
    insert overwrite into t_new select * from src;
    alter table t swap with t_new;
    drop table t_new;
end;
