-- COPY with a SELECT over a stage.
-- inserts: RAW.READINGS
copy into raw.readings (sensor, at, value, file)
from (
    select $1:sensor::varchar, to_timestamp($1:at::varchar), $1:value::float, metadata$filename
    from @raw.landing/readings/
)
file_format = (format_name = 'raw.json_lines') pattern = '.*[.]json' on_error = 'skip_file_5%' purge = true;
