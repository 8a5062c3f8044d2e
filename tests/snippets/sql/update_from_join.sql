-- reads: STG.PRICES, STG.RATES
-- inserts: CORE.PRODUCTS
update core.products p
set price = s.price * r.rate, updated_at = current_timestamp()
from stg.prices s
join stg.rates r on r.currency = s.currency
where s.sku = p.sku and p.price is distinct from s.price * r.rate;
