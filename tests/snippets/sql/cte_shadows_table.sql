-- A CTE takes the name of the table that it is made of; below it, only the CTE is seen.
-- reads: EVENTS, STAGING.EVENTS
with events as (
    select * from events where received_at > '2024-01-01'
),
merged as (
    select event_id, payload from events
    union all by name
    select event_id, payload from staging.events
)
select count(*) from merged join events using (event_id);
