-- Files out of a table, of a query; to a stage, to a bucket.
-- reads: MARTS.DAILY_SALES, MARTS.STORES, CUSTOMERS
copy into @exports/daily/ from marts.daily_sales
    file_format = (type = csv field_optionally_enclosed_by = '"') header = true overwrite = true single = false;
copy into 's3://partner-drop/2024/' from (
    select object_construct(*) from marts.stores s join customers c on c.store_id = s.id
) storage_integration = partner_s3 file_format = (type = parquet)
    partition by ('day=' || to_varchar(current_date()));
