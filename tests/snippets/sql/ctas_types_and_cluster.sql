-- reads: RAW.T
-- replaces: CORE.T
create or replace transient table core.t (
    id number(38, 0) not null comment 'the key',
    name varchar(100) default 'x' masking policy sec.mask_name,
    constraint pk primary key (id)
) cluster by (to_date(at), id) data_retention_time_in_days = 1 comment = 'made from raw.t'
as select id, name from raw.t;
