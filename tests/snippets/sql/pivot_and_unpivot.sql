-- reads: SALES, BUDGET
select * from sales pivot (sum(amount) for quarter in ('q1', 'q2')) p
join (select * from budget unpivot (amount for quarter in (q1, q2))) u using (region);
