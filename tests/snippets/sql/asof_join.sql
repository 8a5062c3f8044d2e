-- The quote that held when a trade was made.
-- reads: TRADES, QUOTES
select t.symbol, q.bid
from trades t asof join quotes q match_condition (t.at >= q.at) on t.symbol = q.symbol;
