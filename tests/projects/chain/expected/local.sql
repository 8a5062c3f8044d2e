-- Project chain, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE SCHEMA IF NOT EXISTS D.S;
USE SCHEMA D.S;

-- Suspend the roots that follow
ALTER TASK IF EXISTS D.S.G SUSPEND;

-- project.yml
CREATE OR ALTER TASK D.S.G
  COMMENT = 'The root of the graph g. [neve:chain/local:ef51db72eba2]'
AS SELECT 'the root of g';

-- tasks/a.sql
CREATE OR ALTER TASK D.S.G$A
  COMMENT = '[neve:chain/local:8c8a44861111]'
  AFTER D.S.G
AS EXECUTE IMMEDIATE $$
BEGIN
create or replace table D.S.T_A as select 1 as x;
call system$set_return_value('1');
END;
$$;

-- tasks/lonely.sql
CREATE OR ALTER TASK D.S.G$LONELY
  COMMENT = '[neve:chain/local:c2042e87ed5f]'
  AFTER D.S.G
AS EXECUTE IMMEDIATE $$
BEGIN
select 1;
select 2;
END;
$$;

-- tasks/after_lonely.sql
CREATE OR ALTER TASK D.S.G$AFTER_LONELY
  COMMENT = '[neve:chain/local:d25cb8577728]'
  AFTER D.S.G$LONELY
AS EXECUTE IMMEDIATE $$
BEGIN
begin transaction;
insert into D.S.T_D values (1);
commit;
END;
$$;

-- tasks/b.sql
CREATE OR ALTER TASK D.S.G$B
  COMMENT = '[neve:chain/local:73f65686456f]'
  AFTER D.S.G$A
AS create or replace table D.S.T_B as select * from D.S.T_A;

-- tasks/c.sql
CREATE OR ALTER TASK D.S.G$C
  COMMENT = '[neve:chain/local:87d416c83fad]'
  AFTER D.S.G$B
AS create or replace table D.S.T_C as select * from D.S.T_A, D.S.T_B;

-- tasks/f.sql
CREATE OR ALTER TASK D.S.G$F
  COMMENT = '[neve:chain/local:2bbde52ad18e]'
  AFTER D.S.G$A, D.S.G$B
  WHEN SYSTEM$PREDECESSORS_STATE('ALL_DONE') AND (1 = 1)
AS select * from D.S.T_A, D.S.T_B;

-- tasks/d.sql
CREATE OR ALTER TASK D.S.G$D
  COMMENT = '[neve:chain/local:8c3119203ac1]'
  AFTER D.S.G$AFTER_LONELY, D.S.G$C
AS insert into D.S.T_D select *, system$get_predecessor_return_value('G$A') from D.S.T_C;

-- models/seen_twice.sql
CREATE OR ALTER TASK D.S.G$SEEN_TWICE
  COMMENT = '[neve:chain/local:47c2dfc37c66]'
  AFTER D.S.G$B
AS
CREATE OR REPLACE TABLE D.S.SEEN AS
select seen_once.x, o.y from (
select x, 1 as y from D.S.T_B
) AS seen_once join (
select x, 1 as y from D.S.T_B
) as o on seen_once.x = o.x;

-- tasks/e.sql
CREATE OR ALTER TASK D.S.G$E
  COMMENT = '[neve:chain/local:d47cbb0282ac]'
  AFTER D.S.G$D
AS select system$get_predecessor_return_value('G$A'), count(*) from D.S.T_D;

-- models/who_sees.sql
CREATE OR ALTER TASK D.S.G$WHO_SEES
  COMMENT = '[neve:chain/local:00f3179511a3]'
  AFTER D.S.G$SEEN_TWICE
AS
CREATE OR REPLACE VIEW D.S.WHO_SEES AS
select seen_twice.x, "seen_twice".y from D.S.SEEN AS seen_twice, D.S.SEEN as "seen_twice";

-- Resume: children first, roots last
ALTER TASK D.S.G$A RESUME;
ALTER TASK D.S.G$LONELY RESUME;
ALTER TASK D.S.G$AFTER_LONELY RESUME;
ALTER TASK D.S.G$B RESUME;
ALTER TASK D.S.G$C RESUME;
ALTER TASK D.S.G$F RESUME;
ALTER TASK D.S.G$D RESUME;
ALTER TASK D.S.G$SEEN_TWICE RESUME;
ALTER TASK D.S.G$E RESUME;
ALTER TASK D.S.G$WHO_SEES RESUME;
