create or replace database fuzz

create table fuzz.public.item (id number, name varchar, price number(10, 2), at timestamp_ntz, doc variant)

insert into fuzz.public.item select 1, 'ink', 1.5, '2024-03-11 10:20:30', parse_json('{"a": [1, {"b": 2}]}')

create table fuzz.public.copy_of (id number, name varchar)

create stage fuzz.public.files

create task fuzz.public.root schedule = '60 minutes' config = '{"a": 1}' as select 1

create task fuzz.public.child after fuzz.public.root as select 2

create sequence fuzz.public.numbers
