-- Paths into values are no tables.
-- reads: RAW.DOCS
select d.doc:customer.name::string, d.doc['items'][0]:sku, get_path(d.doc, 'a.b'), src:from.table, parse_json(d.raw):x.y.z
from raw.docs d, lateral flatten(d.doc:items) as items where items.value:from = 'x';
