-- Changes of a stream: deletes, updates, inserts.
-- reads: RAW.USERS_STREAM
-- inserts: CORE.USERS
merge into core.users t
using raw.users_stream s
on t.id = s.id
when matched and s.metadata$action = 'DELETE' and not s.metadata$isupdate then delete
when matched and s.metadata$action = 'INSERT' then update set t.email = s.email, t.name = s.name
when not matched and s.metadata$action = 'INSERT' then insert (id, email, name) values (s.id, s.email, s.name);
