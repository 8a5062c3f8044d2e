/*---
materialized: table
---
The window's transactions with what is known of their senders: the share of the limit used, how many they sent
that day, the hour, the preferred flag, the country of birth.
*/
select
  t.transactionid,
  t.isfraud,
  (t.amount / sender.transaction_limit)::float as limit_used,
  (count(*) over (partition by t.senderid, t.time::date))::float as daily_count,
  date_part(hour, t.time)::float as hour_of_day,
  iff(c.c_preferred_cust_flag = 'Y', 1, 0)::float as preferred,
  {{ one_hot('c.c_birth_country', var('birth_countries'), 'born') }}
from financial_transactions t
join financial_account sender on sender.fa_customer_sk = t.senderid
join financial_account receiver on receiver.fa_customer_sk = t.receiverid
left join customer c on c.c_customer_sk = t.senderid
where t.time >= {{ window('from') }}
  and t.time < {{ window('to') }}
