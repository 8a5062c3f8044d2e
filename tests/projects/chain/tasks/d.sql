/*---
after: after_lonely
---
*/
insert into t_d select *, system$get_predecessor_return_value('a') from t_c
