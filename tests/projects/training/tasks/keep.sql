/*---
when: return_value('judge') = 'keep' and system$get_predecessor_return_value('fit') <> 'x'
---
*/
insert into LAB.RUNS.KEPT_LINES select * from lines
