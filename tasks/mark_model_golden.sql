/*---
when: return_value('check_accuracy') = 'mark_model_golden'
---
Make this run's version the default one: whoever asks for the model without a version gets it.
*/
begin
  let version varchar := (select parse_json(system$get_predecessor_return_value('setup')):version::varchar);
  let statement varchar := 'alter model fraud_detection_xgb set default_version = ' || version;
  execute immediate :statement;
  call system$set_return_value(:version);
end;
