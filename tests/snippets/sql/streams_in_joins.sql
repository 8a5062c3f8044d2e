-- Streams are read like tables, also in joins.
-- reads: RAW.ORDERS_STREAM, RAW.ITEMS_STREAM, CORE.CUSTOMERS
-- inserts: CORE.ORDERS
merge into core.orders o
using (
    select s.*, i.n, c.segment
    from raw.orders_stream s
    left join (select order_id, count(*) n from raw.items_stream where metadata$action = 'INSERT' group by 1) i on i.order_id = s.id
    left join core.customers c on c.id = s.customer_id
    where s.metadata$action = 'INSERT' or (s.metadata$action = 'DELETE' and not s.metadata$isupdate)
) s on o.id = s.id
when matched and s.metadata$action = 'DELETE' then delete
when matched then update set o.n = s.n
when not matched and s.metadata$action = 'INSERT' then insert (id, n) values (s.id, s.n);
