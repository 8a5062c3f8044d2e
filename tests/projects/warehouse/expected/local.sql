-- Project warehouse, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS ANALYTICS;
CREATE SCHEMA IF NOT EXISTS ANALYTICS.MARTS;
CREATE SCHEMA IF NOT EXISTS ANALYTICS.STAGING;
USE SCHEMA ANALYTICS.MARTS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS ANALYTICS.MARTS.NIGHTLY SUSPEND;

-- models/staging/stg_customers.sql
CREATE OR REPLACE SECURE VIEW ANALYTICS.STAGING.STG_CUSTOMERS
  COMMENT = 'Customers as the shop knows them. [neve:warehouse/local:eb61441b2f0e]'
AS
select id as customer_id, name from RAW.SHOP.CUSTOMERS;

-- models/staging/stg_orders.sql
CREATE OR REPLACE VIEW ANALYTICS.STAGING.STG_ORDERS
  COMMENT = '[neve:warehouse/local:225145b03cc7]'
AS
select id as order_id, customer as customer_id, placed_at, amount
from RAW.SHOP.ORDERS
where placed_at >= '2024-01-01';

-- models/marts/orders_of_customers.sql, empty until its task runs: what follows reads it
CREATE TRANSIENT TABLE IF NOT EXISTS ANALYTICS.MARTS.ORDERS_OF_CUSTOMERS AS
SELECT * FROM (
select paid_orders.* from (
select * from ANALYTICS.STAGING.STG_ORDERS where amount > 0
) AS paid_orders join ANALYTICS.STAGING.STG_CUSTOMERS c using (customer_id)
) LIMIT 0;

-- models/marts/revenue.sql, empty until its task runs: what follows reads it
CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.REVENUE CLUSTER BY (customer_id) AS
SELECT * FROM (
with orders as (select * from ANALYTICS.MARTS.ORDERS_OF_CUSTOMERS),
totals as (
  select orders.customer_id, sum(orders.amount) as revenue
  from orders
  group by 1
)
select stg_customers.name, totals.* from totals join ANALYTICS.STAGING.STG_CUSTOMERS using (customer_id)
) LIMIT 0;

-- models/marts/revenue_by_day.sql
CREATE OR REPLACE DYNAMIC TABLE ANALYTICS.MARTS.REVENUE_BY_DAY
  TARGET_LAG = '1 hour'
  REFRESH_MODE = INCREMENTAL
  COMMENT = '[neve:warehouse/local:6837ecf09f38]'
AS
select date_trunc('day', placed_at) as day, sum(amount) as revenue from ANALYTICS.MARTS.ORDERS_OF_CUSTOMERS group by 1;

-- models/marts/top_customers.sql
CREATE OR REPLACE VIEW ANALYTICS.MARTS.TOP_CUSTOMERS
  COMMENT = '[neve:warehouse/local:81fd99dc77e3]'
AS
select * from ANALYTICS.MARTS.REVENUE order by revenue desc limit 10;

-- project.yml
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY
  SCHEDULE = 'USING CRON 0 0 * * * UTC'
  SUSPEND_TASK_AFTER_NUM_FAILURES = 3
  COMMENT = 'The root of the graph nightly. [neve:warehouse/local:a5bbbb783ad3]'
AS SELECT 'the root of nightly';

-- models/marts/all_orders.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$ALL_ORDERS
  COMMENT = '[neve:warehouse/local:4db80f40dfa1]'
  AFTER ANALYTICS.MARTS.NIGHTLY
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.ALL_ORDERS AS
SELECT * FROM (
select * from ANALYTICS.STAGING.STG_ORDERS
) LIMIT 0;
MERGE INTO ANALYTICS.MARTS.ALL_ORDERS AS old USING (
select * from ANALYTICS.STAGING.STG_ORDERS
) AS new
ON old.order_id = new.order_id
WHEN MATCHED THEN UPDATE ALL BY NAME
WHEN NOT MATCHED THEN INSERT ALL BY NAME;
END;
$$;

-- models/marts/every_order.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$EVERY_ORDER
  COMMENT = '[neve:warehouse/local:6b842d27cc9c]'
  AFTER ANALYTICS.MARTS.NIGHTLY
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.EVERY_ORDER AS
SELECT * FROM (
select * from ANALYTICS.STAGING.STG_ORDERS
) LIMIT 0;
INSERT INTO ANALYTICS.MARTS.EVERY_ORDER
select * from ANALYTICS.STAGING.STG_ORDERS;
END;
$$;

-- models/marts/orders_log.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$ORDERS_LOG
  COMMENT = '[neve:warehouse/local:8719819e2854]'
  AFTER ANALYTICS.MARTS.NIGHTLY
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.ORDERS_LOG AS
SELECT * FROM (
select order_id, customer_id, amount, placed_at as seen_at
from ANALYTICS.STAGING.STG_ORDERS
) LIMIT 0;
IF (NOT EXISTS (SELECT 1 FROM ANALYTICS.MARTS.ORDERS_LOG)) THEN
INSERT INTO ANALYTICS.MARTS.ORDERS_LOG
select order_id, customer_id, amount, placed_at as seen_at
from ANALYTICS.STAGING.STG_ORDERS;
  ELSE
MERGE INTO ANALYTICS.MARTS.ORDERS_LOG AS old USING (
select order_id, customer_id, amount, placed_at as seen_at
from ANALYTICS.STAGING.STG_ORDERS
where placed_at > (select max(seen_at) from ANALYTICS.MARTS.ORDERS_LOG)
) AS new
ON old.order_id = new.order_id
WHEN MATCHED THEN UPDATE SET CUSTOMER_ID = new.CUSTOMER_ID, AMOUNT = new.AMOUNT, SEEN_AT = new.SEEN_AT
WHEN NOT MATCHED THEN INSERT (ORDER_ID, CUSTOMER_ID, AMOUNT, SEEN_AT) VALUES (new.ORDER_ID, new.CUSTOMER_ID, new.AMOUNT, new.SEEN_AT);
  END IF;
END;
$$;

-- models/marts/replaced_orders.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$REPLACED_ORDERS
  COMMENT = '[neve:warehouse/local:800fcf0b9590]'
  AFTER ANALYTICS.MARTS.NIGHTLY
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE TABLE IF NOT EXISTS ANALYTICS.MARTS.REPLACED_ORDERS AS
SELECT * FROM (
select * from ANALYTICS.STAGING.STG_ORDERS
) LIMIT 0;
CREATE OR REPLACE TEMPORARY TABLE ANALYTICS.MARTS.REPLACED_ORDERS__NEW AS
select * from ANALYTICS.STAGING.STG_ORDERS;
DELETE FROM ANALYTICS.MARTS.REPLACED_ORDERS WHERE (order_id, customer_id) IN (SELECT order_id, customer_id FROM ANALYTICS.MARTS.REPLACED_ORDERS__NEW);
INSERT INTO ANALYTICS.MARTS.REPLACED_ORDERS SELECT * FROM ANALYTICS.MARTS.REPLACED_ORDERS__NEW;
END;
$$;

-- models/marts/orders_of_customers.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$ORDERS_OF_CUSTOMERS
  COMMENT = '[neve:warehouse/local:17d7579d80bc]'
  AFTER ANALYTICS.MARTS.NIGHTLY
AS
CREATE OR REPLACE TRANSIENT TABLE ANALYTICS.MARTS.ORDERS_OF_CUSTOMERS AS
select paid_orders.* from (
select * from ANALYTICS.STAGING.STG_ORDERS where amount > 0
) AS paid_orders join ANALYTICS.STAGING.STG_CUSTOMERS c using (customer_id);

-- models/marts/revenue.sql
CREATE OR ALTER TASK ANALYTICS.MARTS.NIGHTLY$REVENUE
  COMMENT = 'What each customer''s orders come to. [neve:warehouse/local:ba4f4cb01c9e]'
  AFTER ANALYTICS.MARTS.NIGHTLY$ORDERS_OF_CUSTOMERS
AS
CREATE OR REPLACE TABLE ANALYTICS.MARTS.REVENUE CLUSTER BY (customer_id) COPY GRANTS AS
with orders as (select * from ANALYTICS.MARTS.ORDERS_OF_CUSTOMERS),
totals as (
  select orders.customer_id, sum(orders.amount) as revenue
  from orders
  group by 1
)
select stg_customers.name, totals.* from totals join ANALYTICS.STAGING.STG_CUSTOMERS using (customer_id);

-- Resume: children first, roots last
ALTER TASK ANALYTICS.MARTS.NIGHTLY$ALL_ORDERS RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY$EVERY_ORDER RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY$ORDERS_LOG RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY$REPLACED_ORDERS RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY$ORDERS_OF_CUSTOMERS RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY$REVENUE RESUME;
ALTER TASK ANALYTICS.MARTS.NIGHTLY RESUME;
