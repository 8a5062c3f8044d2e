-- reads: CORE.A, CORE.B
-- replaces: V1, V2
-- creates: V3
create or replace secure view v1 (x comment 'x', y) comment = 'a view' as select a, b from core.a;
create or replace recursive view v2 (id, up) as select id, up from core.b union all select b.id, v2.up from core.b join v2 on b.up = v2.id;
create view if not exists v3 copy grants as (select 1 as one);
