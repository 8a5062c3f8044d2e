-- A fall and a rise of a price.
-- reads: MARKET.STOCK_PRICES
select company, start_date, bottom_price
from market.stock_prices
    match_recognize (
        partition by company
        order by price_date
        measures
            first(strt.price_date) as start_date,
            last(down.price) as bottom_price,
            match_number() as no
        one row per match
        after match skip to last up
        pattern (strt down+ up+)
        define
            down as price < lag(price),
            up as price > lag(price)
    )
order by company, no;
