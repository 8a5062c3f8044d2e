-- A CTE may have the name of the model that it reads.
-- reads: ref(customers)
with customers as (select * from {{ ref('customers') }})
select * from customers
