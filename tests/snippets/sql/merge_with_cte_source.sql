-- reads: STG.USERS, CORE.USERS, DIM.COUNTRY
-- inserts: CORE.USERS
merge into core.users u
using (
    with latest as (select * from stg.users qualify row_number() over (partition by id order by at desc) = 1)
    select l.*, u2.id as known, c.name as country_name
    from latest l
    left join core.users u2 on u2.id = l.id
    left join dim.country c on c.code = l.country
) s
on u.id = s.id
when matched and hash(u.name) <> hash(s.name) then update set name = s.name, country = (select max(name) from dim.country d where d.code = s.country)
when not matched then insert (id, name) values (s.id, s.name);
