-- Loads of files: the plainest form, and one with a query.
-- inserts: RAW.CLICKS, RAW.VISITS, LOCAL_TABLE
copy into raw.clicks from @raw.landing/clicks/ file_format = (type = json strip_outer_array = true)
    match_by_column_name = case_insensitive on_error = 'skip_file_5%' purge = true;
copy into raw.visits (visitor, seen_at, file)
from (
    select v.$1:visitor::string, to_timestamp_ntz(v.$1:at::string), metadata$filename
    from @raw.landing/visits/ v
)
pattern = '.*visits_[0-9]+[.]parquet' file_format = (format_name = 'raw.parquet') force = false;
copy into local_table from @%local_table;
