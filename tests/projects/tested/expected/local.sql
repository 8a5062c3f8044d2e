-- Project tested, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS D;
CREATE SCHEMA IF NOT EXISTS D.S;
USE SCHEMA D.S;

-- Suspend the roots that follow
ALTER TASK IF EXISTS D.S.NIGHTLY SUSPEND;

-- models/never_run.sql
CREATE OR REPLACE VIEW D.S.NEVER_RUN
  COMMENT = '[neve:tested/local:a81fe3f57b7d]'
AS
select * from D.SHOP.ORDERS;

-- project.yml
CREATE OR ALTER TASK D.S.NIGHTLY
  SCHEDULE = '24 HOURS'
  COMMENT = 'The root of the graph nightly. [neve:tested/local:dfad843d74ab]'
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'D.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:run_schema);
  CALL SYSTEM$SET_RETURN_VALUE(:run_schema);
END;
$$;

-- models/known_customers.sql
CREATE OR ALTER TASK D.S.NIGHTLY$KNOWN_CUSTOMERS
  COMMENT = '[neve:tested/local:7dd5ff91de63]'
  AFTER D.S.NIGHTLY
AS
CREATE OR REPLACE TABLE D.S.KNOWN_CUSTOMERS AS
select id, name from D.SHOP.CUSTOMERS;

-- models/good_orders.sql
CREATE OR ALTER TASK D.S.NIGHTLY$GOOD_ORDERS
  COMMENT = 'Orders that hold together. [neve:tested/local:a168334002cb]'
  AFTER D.S.NIGHTLY$KNOWN_CUSTOMERS
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE OR REPLACE TABLE D.S.GOOD_ORDERS AS
select * from D.SHOP.ORDERS;
LET failed_tests VARCHAR := (SELECT LISTAGG(test || ': ' || found || ' rows', ', ') FROM (
SELECT 'unique(id)' AS test, COUNT(*) AS found FROM (
SELECT id FROM D.S.GOOD_ORDERS WHERE id IS NOT NULL GROUP BY id HAVING COUNT(*) > 1
) UNION ALL
SELECT 'not_null(id)' AS test, COUNT(*) AS found FROM (
SELECT * FROM D.S.GOOD_ORDERS WHERE id IS NULL
) UNION ALL
SELECT 'accepted_values(state)' AS test, COUNT(*) AS found FROM (
SELECT * FROM D.S.GOOD_ORDERS WHERE state NOT IN ('open', 'it''s done')
) UNION ALL
SELECT 'relationships(customer, known_customers.id)' AS test, COUNT(*) AS found FROM (
SELECT child.* FROM D.S.GOOD_ORDERS AS child LEFT JOIN D.S.KNOWN_CUSTOMERS AS parent ON child.customer = parent.id WHERE child.customer IS NOT NULL AND parent.id IS NULL
) UNION ALL
SELECT 'select * from good_orders where amount < 0' AS test, COUNT(*) AS found FROM (
select * from D.S.GOOD_ORDERS where amount < 0
)
) WHERE found > 0);
IF (failed_tests <> '') THEN
  LET failure VARCHAR := REPLACE(failed_tests, '''', '"');
  LET raise_failure VARCHAR := 'DECLARE failed EXCEPTION (-20001, ''' || failure || '''); BEGIN RAISE failed; END';
  EXECUTE IMMEDIATE :raise_failure;
END IF;
END;
$$;

-- models/orders_of_run.sql
CREATE OR ALTER TASK D.S.NIGHTLY$ORDERS_OF_RUN
  COMMENT = '[neve:tested/local:a15ffd55405c]'
  AFTER D.S.NIGHTLY$GOOD_ORDERS
AS EXECUTE IMMEDIATE $$
BEGIN
  LET run_schema VARCHAR := (SELECT 'D.RUN_' || TO_CHAR(CONVERT_TIMEZONE('UTC', SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::TIMESTAMP_LTZ), 'YYYYMMDD_HH24MISS_FF3'));
  LET orders_of_run VARCHAR := run_schema || '.ORDERS_OF_RUN';
CREATE OR REPLACE TABLE IDENTIFIER(:orders_of_run) AS
select * from D.S.GOOD_ORDERS;
LET failed_tests VARCHAR := (SELECT LISTAGG(test || ': ' || found || ' rows', ', ') FROM (
SELECT 'not_null(id)' AS test, COUNT(*) AS found FROM (
SELECT * FROM IDENTIFIER(:orders_of_run) AS orders_of_run WHERE id IS NULL
)
) WHERE found > 0);
IF (failed_tests <> '') THEN
  LET failure VARCHAR := REPLACE(failed_tests, '''', '"');
  LET raise_failure VARCHAR := 'DECLARE failed EXCEPTION (-20001, ''' || failure || '''); BEGIN RAISE failed; END';
  EXECUTE IMMEDIATE :raise_failure;
END IF;
END;
$$;

-- Resume: children first, roots last
ALTER TASK D.S.NIGHTLY$KNOWN_CUSTOMERS RESUME;
ALTER TASK D.S.NIGHTLY$GOOD_ORDERS RESUME;
ALTER TASK D.S.NIGHTLY$ORDERS_OF_RUN RESUME;
ALTER TASK D.S.NIGHTLY RESUME;
