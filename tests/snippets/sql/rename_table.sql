-- A table goes away under one name and comes under another.
-- drops: STAGE_ORDERS
-- creates: ARCHIVE.ORDERS_2024
alter table if exists stage_orders rename to archive.orders_2024;
