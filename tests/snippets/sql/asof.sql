-- reads: TRADES, QUOTES
select t.*, q.price from trades t asof join quotes q match_condition (t.at >= q.at) on t.symbol = q.symbol;
