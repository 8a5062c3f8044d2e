-- Snowflake takes recursion without the word RECURSIVE.
-- reads: STAFF
with chain as (
    select id, manager_id, name from staff where manager_id is null
    union all
    select s.id, s.manager_id, s.name from staff s inner join chain c on s.manager_id = c.id
)
select * from chain;
