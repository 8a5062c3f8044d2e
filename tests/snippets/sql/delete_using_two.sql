-- reads: STALE
-- inserts: SESSIONS
delete from sessions s using stale t, (select max(id) as top from stale) m where s.id = t.id and s.id < m.top;
