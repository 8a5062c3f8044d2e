-- Procedures with and without schema, with named arguments and subqueries.
-- reads: SETTINGS
-- calls: REFRESH_ALL, OPS.PUBLIC.NOTIFY
call refresh_all();
call ops.public.notify(channel => '#data', body => (select max(message) from settings));
