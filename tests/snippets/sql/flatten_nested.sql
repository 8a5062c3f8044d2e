-- Nested arrays of an API's answer, laid flat twice; the aliases of FLATTEN are no tables.
-- reads: RAW.API_RESPONSES
select
    r.src:id::number as order_id,
    line.index as line_number,
    line.value:sku::varchar as sku,
    tax.value:"Rate"::float as tax_rate
from raw.api_responses r,
    lateral flatten(input => r.src:lines, outer => true) line,
    table(flatten(line.value:taxes)) tax
where r.src['type'] = 'order' and not is_null_value(r.src:lines);
