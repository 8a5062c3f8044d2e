-- replaces: LAKE.EVENTS
-- creates: EXT.FILES
create or replace iceberg table lake.events (id int) catalog = 'SNOWFLAKE' external_volume = 'v' base_location = 'events';
create external table if not exists ext.files (id int as (value:c1::int)) location = @raw.landing file_format = (type = parquet);
