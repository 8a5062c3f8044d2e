-- Functions of schemas are called like tables are named; they are no tables.
-- reads: SUPPORT.TICKETS
-- replaces: SUPPORT.SCORED
create or replace table support.scored as
select
    id,
    snowflake.cortex.sentiment(body) as mood,
    ml.churn_model!predict(object_construct('x', age)):score::float as churn,
    udfs.clean(subject) as subject
from support.tickets, table(udfs.tokenize(body)) tokens;
