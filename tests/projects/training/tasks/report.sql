/*---
after: [keep, drop_lines]
trigger_rule: none_failed_min_one_success
---
Whichever way it went.
*/
begin
  let found integer := (select count(*) from lines);
  let lines_seen integer := found + (select count(*) from near_points);
  if (found > 0) then
    call system$set_return_value(:lines_seen::varchar);
  end if;
end;
