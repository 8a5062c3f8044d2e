-- Files in stages are no tables: named stages, user stages, table stages.
-- reads: LOOKUP
-- replaces: STAGED
create or replace table staged as
select t.$1::int as id, t.$2 as name, metadata$filename as file, l.label
from @raw.landing/2024/ (file_format => 'raw.csv', pattern => '.*[.]csv') t
join lookup l on l.id = t.$1;
select $1 from @~/mine.csv;
select $1:a from @%staged/file.json.gz;
