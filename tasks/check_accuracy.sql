/*---
---
The branch: name the task to go on with, by whether the accuracy is above the graph's min_accuracy.
*/
begin
  let accuracy float := (select system$get_predecessor_return_value('evaluate')::float);
  let wanted float := (select system$get_task_graph_config('min_accuracy')::float);
  let successor varchar := iff(accuracy > wanted, 'mark_model_golden', 'keep_the_golden_model');
  call system$set_return_value(:successor);
end;
