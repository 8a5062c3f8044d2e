/*---
when: return_value('judge') = 'keep' and system$get_predecessor_return_value('fit') is not null
---
*/
insert into LAB.RUNS.KEPT_LINES select * from lines
