-- PIVOT over listed values, and UNPIVOT of what comes out.
-- reads: MONTHLY_SALES, WIDE_SALES
select empid, month, amount
from (
    select * from monthly_sales
    pivot (sum(amount) for month in ('JAN', 'FEB', 'MAR') default on null (0)) as p (empid, jan, feb, mar)
) unpivot (amount for month in (jan, feb, mar))
union all
select empid, month, amount from wide_sales unpivot include nulls (amount for month in (jan as 'J', feb as 'F'));
