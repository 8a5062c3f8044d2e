create table if not exists reports (session_id varchar, total integer)
