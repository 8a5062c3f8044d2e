-- Elements of elements; the aliases of FLATTEN are no tables.
-- reads: RAW.EVENTS
-- inserts: CORE.EVENT_ITEMS
insert into core.event_items
select e.id, i.index, i.value:sku::string, d.value::string
from raw.events e,
    lateral flatten(input => e.payload:items) i,
    lateral flatten(input => i.value:discounts, outer => true) d;
