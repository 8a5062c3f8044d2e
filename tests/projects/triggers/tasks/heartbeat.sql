/*---
schedule: 5 minutes
config: {unit: bpm}
---
*/
select system$get_task_graph_config('unit')
