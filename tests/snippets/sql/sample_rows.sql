-- Samples, with seeds.
-- reads: EVENTS, USERS, TINY
select * from events sample bernoulli (2.5) seed (42)
union all
select e.* from events e tablesample system (3) repeatable (99) join users u tablesample (50 rows) on e.user_id = u.id
cross join tiny sample row (10);
