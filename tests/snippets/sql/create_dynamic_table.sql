-- A dynamic table reads what its query reads.
-- reads: RAW.CLICKS, DIM.USERS
-- replaces: MARTS.CLICKS_BY_USER
create or replace dynamic table marts.clicks_by_user
    target_lag = '20 minutes'
    warehouse = transform_wh
    refresh_mode = incremental
    initialize = on_create
as
select u.id, count(*) as clicks from raw.clicks c join dim.users u on u.id = c.user_id group by u.id;
