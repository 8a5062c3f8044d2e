/*---
when: return_value('judge') = 'drop'
---
*/
truncate table if exists lines
