-- reads: CORE.SHAPE
-- creates: T_LIKE
-- replaces: T_TEMPLATE
create table t_like like core.shape;
create or replace table t_template using template (
    select array_agg(object_construct(*)) from table(infer_schema(location => '@raw.landing/x', file_format => 'raw.parquet'))
);
