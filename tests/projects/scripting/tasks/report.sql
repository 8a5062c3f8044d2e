/*---
after: make_reports
when: return_value('archive') <> '0'
---
*/
begin
  let total integer := (select count(*) from archived_events);
  for each in (select distinct session_id from sessions) do
    let id varchar := each.session_id;
    insert into reports (session_id, total) values (:id, :total);
  end for;
end;
