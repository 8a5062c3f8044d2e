-- One row goes into each table whose condition holds.
-- reads: STAGING.PAYMENTS
-- inserts: PAYMENTS_LARGE, PAYMENTS_FOREIGN, PAYMENTS_ALL
insert all
    when amount > 10000 then
        into payments_large
        into payments_all (id, amount) values (id, amount)
    when currency <> 'EUR' then
        into payments_foreign (id, currency, amount) values (id, currency, default)
    else
        into payments_all
select id, amount, currency from staging.payments;
