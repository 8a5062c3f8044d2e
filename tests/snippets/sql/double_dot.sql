-- The two dots stand for PUBLIC.
-- reads: LAKE.PUBLIC.EVENTS
select count(*) from lake..events;
