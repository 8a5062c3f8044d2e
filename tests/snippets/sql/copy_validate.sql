-- Only a check of files; the table is named all the same.
-- inserts: RAW.ORDERS
copy into raw.orders from @raw.landing/orders files = ('a.csv', 'b.csv') file_format = (type = csv skip_header = 1) validation_mode = return_errors;
