-- Session variables are no tables; a table beside them is one.
-- reads: ORDERS, LIMITS
set (low, high) = (select min(amount), max(amount) from limits);
set day = current_date();
select * from orders where amount between $low and $high and ordered_on = $day;
