-- A qualified name is never a CTE.
-- reads: CORE.USERS, LOGINS
with users as (select user_id from logins)
select * from core.users u where u.id in (select user_id from users);
