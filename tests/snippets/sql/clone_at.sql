-- reads: CORE.ORDERS, CORE.ITEMS
-- replaces: BACKUP.ORDERS
-- creates: BACKUP.ITEMS
create or replace table backup.orders clone core.orders at (timestamp => '2024-05-01 00:00:00'::timestamp_ltz);
create transient table if not exists backup.items clone core.items before (statement => '01a2b3c4-0000-0000-0000-000000000000') copy grants;
