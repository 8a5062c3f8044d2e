-- All rows are replaced.
-- reads: STAGING.RATES
-- replaces: CORE.RATES
insert overwrite into core.rates (currency, rate)
select upper(trim(currency)), try_to_decimal(rate, 18, 6) from staging.rates where rate is not null;
