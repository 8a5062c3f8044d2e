-- The newest version of each row.
-- reads: LANDING.CUSTOMER_VERSIONS
select * exclude (_file, _loaded_at) replace (upper(country) as country) rename (cust_no as customer_id)
from landing.customer_versions
qualify row_number() over (partition by cust_no order by _loaded_at desc, _file desc) = 1;
