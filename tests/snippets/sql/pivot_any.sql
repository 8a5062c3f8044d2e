-- PIVOT over whatever values a subquery finds.
-- reads: QUARTERLY_SALES, AD_CAMPAIGN_TYPES_BY_QUARTER
select *
from quarterly_sales
    pivot (sum(amount) for quarter in (
        select distinct quarter from ad_campaign_types_by_quarter where television = true order by quarter))
order by empid;
