/*---
user_task_timeout_ms: 600000
---
Move what is older than a month.
*/
declare
  moved integer default 0;
begin
  create table if not exists archived_events as select * from events where false;
  insert into archived_events select * from events where at < dateadd(month, -1, current_date());
  moved := sqlrowcount;
  if (moved > 0) then
    delete from app.public.events where at < dateadd(month, -1, current_date());
  end if;
  call system$set_return_value(:moved::varchar);
end;
