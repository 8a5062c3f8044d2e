-- reads: STG.PEOPLE, STG.BLOCKED
-- replaces: CORE.ADULTS, CORE.CHILDREN
insert overwrite first
    when age >= 18 then into core.adults
    else into core.children (name, age) values (name, age)
select name, age from stg.people where id not in (select id from stg.blocked);
