-- Files are no tables; the table that they are joined to is one.
-- reads: DIM_PRODUCT
select f.$1::number as product_id, metadata$filename, t.name
from @landing.files/products/2024/ (file_format => 'csv_skip_1', pattern => '.*[.]csv[.]gz') f
join dim_product t on t.product_id = f.$1
where exists (select 1 from @~/done where $1 = metadata$filename)
   or exists (select 1 from @%dim_product);
