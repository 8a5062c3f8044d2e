-- Project housekeeping, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
USE WAREHOUSE SMALL_WH;
CREATE DATABASE IF NOT EXISTS OPS;
CREATE SCHEMA IF NOT EXISTS OPS.TASKS;
USE SCHEMA OPS.TASKS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS OPS.TASKS.HOUSEKEEPING SUSPEND;

-- project.yml
CREATE OR ALTER TASK OPS.TASKS.HOUSEKEEPING
  WAREHOUSE = SMALL_WH
  SCHEDULE = 'USING CRON 0 0 * * * UTC'
  OVERLAP_POLICY = NO_OVERLAP
  COMMENT = 'The root of the graph housekeeping. [neve:housekeeping/local:a7e4a91ddeac]'
AS SELECT 'the root of housekeeping';

-- tasks/archive.sql
CREATE OR ALTER TASK OPS.TASKS.HOUSEKEEPING$ARCHIVE
  WAREHOUSE = SMALL_WH
  USER_TASK_TIMEOUT_MS = 600000
  COMMENT = 'Move what is older than a month. [neve:housekeeping/local:d13934f61bd0]'
  AFTER OPS.TASKS.HOUSEKEEPING
AS EXECUTE IMMEDIATE $$
declare
  moved integer default 0;
begin
  create table if not exists OPS.TASKS.ARCHIVED_EVENTS as select * from APP.PUBLIC.EVENTS where false;
  insert into OPS.TASKS.ARCHIVED_EVENTS select * from APP.PUBLIC.EVENTS where at < dateadd(month, -1, current_date());
  moved := sqlrowcount;
  if (moved > 0) then
    delete from APP.PUBLIC.EVENTS where at < dateadd(month, -1, current_date());
  end if;
  call system$set_return_value(:moved::varchar);
end;
$$;

-- tasks/make_reports.sql
CREATE OR ALTER TASK OPS.TASKS.HOUSEKEEPING$MAKE_REPORTS
  WAREHOUSE = SMALL_WH
  COMMENT = '[neve:housekeeping/local:7344657d27a4]'
  AFTER OPS.TASKS.HOUSEKEEPING
AS create table if not exists OPS.TASKS.REPORTS (session_id varchar, total integer);

-- tasks/report.sql
CREATE OR ALTER TASK OPS.TASKS.HOUSEKEEPING$REPORT
  WAREHOUSE = SMALL_WH
  COMMENT = '[neve:housekeeping/local:3569d72818db]'
  AFTER OPS.TASKS.HOUSEKEEPING$ARCHIVE, OPS.TASKS.HOUSEKEEPING$MAKE_REPORTS
  WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('HOUSEKEEPING$ARCHIVE') <> '0'
AS EXECUTE IMMEDIATE $$
begin
  let total integer := (select count(*) from OPS.TASKS.ARCHIVED_EVENTS);
  for each in (select distinct session_id from APP.PUBLIC.SESSIONS) do
    let id varchar := each.session_id;
    insert into OPS.TASKS.REPORTS (session_id, total) values (:id, :total);
  end for;
end;
$$;

-- Resume: children first, roots last
ALTER TASK OPS.TASKS.HOUSEKEEPING$ARCHIVE RESUME;
ALTER TASK OPS.TASKS.HOUSEKEEPING$MAKE_REPORTS RESUME;
ALTER TASK OPS.TASKS.HOUSEKEEPING$REPORT RESUME;
ALTER TASK OPS.TASKS.HOUSEKEEPING RESUME;
