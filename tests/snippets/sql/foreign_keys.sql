-- A foreign key names a table, which must be there.
-- reads: CORE.CUSTOMERS
-- creates: CORE.ORDERS
create table if not exists core.orders (
    id int primary key,
    customer_id int references core.customers (id),
    unique (id, customer_id)
);
