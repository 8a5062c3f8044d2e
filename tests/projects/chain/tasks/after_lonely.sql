/*---
after: lonely
---
*/
begin transaction;
insert into t_d values (1);
commit;
