-- Slowly changing dimension: close what changed, add what is new.
-- reads: STAGING.CUSTOMERS, DIM_CUSTOMER
-- inserts: DIM_CUSTOMER
merge into dim_customer as d
using (
    select s.customer_id as merge_key, s.* from staging.customers s
    union all
    select null, s.*
    from staging.customers s
    join dim_customer x on x.customer_id = s.customer_id
    where x.is_current and hash(s.name, s.city) <> hash(x.name, x.city)
) as c
on d.customer_id = c.merge_key and d.is_current
when matched and hash(d.name, d.city) <> hash(c.name, c.city) then
    update set d.is_current = false, d.valid_to = current_timestamp()
when not matched then
    insert (customer_id, name, city, is_current, valid_from)
    values (c.customer_id, c.name, c.city, true, current_timestamp());
