-- reads: CORE.KEEP
-- inserts: CORE.EVENTS
delete from core.events where not exists (select 1 from core.keep k where k.id = events.id) and at < dateadd(day, -90, current_date());
