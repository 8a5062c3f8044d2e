-- reads: OTHER_DB.PUBLIC.CUSTOMERS, OTHER_DB."s".T
-- inserts: DB2.CORE.CUSTOMERS
merge into db2.core.customers tgt
using (select c.*, t.flag from other_db.public.customers c left join Other_Db."s".t t on t.id = c.id) src
on tgt.id = src.id
when matched and src.deleted then delete
when matched then update set tgt.name = src.name, tgt.flag = src.flag
when not matched by target then insert (id, name) values (src.id, src.name);
