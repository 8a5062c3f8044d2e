/*---
trigger_rule: all_done
when: 1 = 1
---
*/
select * from t_a, t_b
