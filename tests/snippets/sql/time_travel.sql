-- What changed since yesterday and since a statement.
-- reads: BALANCES, LEDGER
select now.account_id, now.balance - before_it.balance as change
from balances now
join balances at (offset => -60 * 60 * 24) as before_it on now.account_id = before_it.account_id
left join ledger before (statement => '8e5d0ca9-005e-44e6-b858-a8f5b37c5726') l on l.account_id = now.account_id
left join ledger at (timestamp => 'Mon, 01 May 2023 16:20:00 -0700'::timestamp_tz) l2 on l2.account_id = now.account_id;
