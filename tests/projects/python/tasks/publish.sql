/*---
when: return_value('score') <> ''
---
Keep the scores above the threshold.
*/
create or replace table ML.TASKS.PUBLISHED as
select id, score from scores
where score >= parse_json(system$get_predecessor_return_value('score')):threshold::float
