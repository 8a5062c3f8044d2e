-- An anonymous procedure in SQL, called once.
-- reads: SRC
-- inserts: DST
with copy_rows as procedure (n int) returns varchar language sql as 'begin insert into dst select * from src; return ''ok''; end'
call copy_rows(3);
