-- Change tracking without a stream.
-- reads: SALES.ORDERS
select metadata$action, metadata$isupdate, *
from sales.orders
    changes (information => append_only)
    at (timestamp => dateadd(hour, -1, current_timestamp()))
    end (timestamp => current_timestamp());
