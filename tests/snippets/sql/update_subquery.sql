-- reads: LIMITS, BLOCKED
-- inserts: ACCOUNTS
update accounts set max_amount = (select max(amount) from limits where limits.id = accounts.id), state = 'x'
where id in (select id from blocked);
