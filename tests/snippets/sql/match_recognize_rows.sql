-- reads: STOCK
select * from stock match_recognize (
    partition by company order by price_date
    measures match_number() as n, first(price_date) as start_date
    one row per match after match skip to last row_with_price_increase
    pattern (row_before_decrease row_with_price_decrease+ row_with_price_increase+)
    define row_with_price_decrease as price < lag(price), row_with_price_increase as price > lag(price)
) order by company, n;
