-- Project jaffle_shop, target local.
-- Written by `neve compile`: edit models/, tasks/, python_tasks/ and project.yml instead.

-- Context
CREATE DATABASE IF NOT EXISTS SHOP;
CREATE SCHEMA IF NOT EXISTS SHOP.MARTS;
CREATE SCHEMA IF NOT EXISTS SHOP.STAGING;
USE SCHEMA SHOP.MARTS;

-- Suspend the roots that follow
ALTER TASK IF EXISTS SHOP.MARTS.NIGHTLY SUSPEND;

-- models/staging/stg_orders.sql
CREATE OR REPLACE VIEW SHOP.STAGING.STG_ORDERS
  COMMENT = '[neve:jaffle_shop/local:8b3c95f3aa55]'
AS
with source as (
    select * from RAW.JAFFLE.ORDERS
)

select
    id as order_id,
    customer as customer_id,
    ordered_at,
    (amount / 100)::number(16, 2) as amount
from source
where ordered_at >= '2024-01-01';

-- project.yml
CREATE OR ALTER TASK SHOP.MARTS.NIGHTLY
  SCHEDULE = 'USING CRON 0 5 * * * UTC'
  COMMENT = 'The root of the graph nightly. [neve:jaffle_shop/local:05fffba19763]'
AS SELECT 'the root of nightly';

-- models/orders.sql
CREATE OR ALTER TASK SHOP.MARTS.NIGHTLY$ORDERS
  COMMENT = '[neve:jaffle_shop/local:f35cc8a34c71]'
  AFTER SHOP.MARTS.NIGHTLY
AS EXECUTE IMMEDIATE $$
BEGIN
CREATE TABLE IF NOT EXISTS SHOP.MARTS.ORDERS AS
SELECT * FROM (
select order_id, customer_id, ordered_at, amount
from SHOP.STAGING.STG_ORDERS
) LIMIT 0;
IF (NOT EXISTS (SELECT 1 FROM SHOP.MARTS.ORDERS)) THEN
INSERT INTO SHOP.MARTS.ORDERS
select order_id, customer_id, ordered_at, amount
from SHOP.STAGING.STG_ORDERS;
  ELSE
MERGE INTO SHOP.MARTS.ORDERS AS old USING (
select order_id, customer_id, ordered_at, amount
from SHOP.STAGING.STG_ORDERS

where ordered_at > (select max(ordered_at) from SHOP.MARTS.ORDERS)
) AS new
ON old.order_id = new.order_id
WHEN MATCHED THEN UPDATE SET CUSTOMER_ID = new.CUSTOMER_ID, ORDERED_AT = new.ORDERED_AT, AMOUNT = new.AMOUNT
WHEN NOT MATCHED THEN INSERT (ORDER_ID, CUSTOMER_ID, ORDERED_AT, AMOUNT) VALUES (new.ORDER_ID, new.CUSTOMER_ID, new.ORDERED_AT, new.AMOUNT);
  END IF;
END;
$$;

-- models/customers.sql
CREATE OR ALTER TASK SHOP.MARTS.NIGHTLY$CUSTOMERS
  COMMENT = '[neve:jaffle_shop/local:25dc673ccb6c]'
  AFTER SHOP.MARTS.NIGHTLY$ORDERS
AS
CREATE OR REPLACE TABLE SHOP.MARTS.CUSTOMERS AS
with orders as (
    select * from SHOP.MARTS.ORDERS
)

select customer_id, count(*) as orders, sum(amount) as spent
from orders
group by customer_id;

-- Resume: children first, roots last
ALTER TASK SHOP.MARTS.NIGHTLY$ORDERS RESUME;
ALTER TASK SHOP.MARTS.NIGHTLY$CUSTOMERS RESUME;
ALTER TASK SHOP.MARTS.NIGHTLY RESUME;
