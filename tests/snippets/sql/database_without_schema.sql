-- Two dots: the schema is PUBLIC.
-- reads: ANALYTICS.PUBLIC.VISITS
-- inserts: ARCHIVE.PUBLIC.VISITS
insert into archive..visits select * from analytics..visits;
