select id, name || 'x', price::float / 3 as p, doc:a[1].b::int from item i where i.at > dateadd(day, -1,
'2024-03-11')

with recursive r (n) as (select 1 union all select n + 1 from r where n < 5) select listagg(n, ',') from r

select f.value:b, f.index from item, lateral flatten(input => doc:a, outer => true) f order by 2 desc limit 3

select name, row_number() over (partition by name order by price) as n from item qualify n = 1

select iff(id > 1, 'a', null), decode(id, 1, 'x', 'y'), case when true then 1 end, nvl(name, ''),
zeroifnull(id) from item

select to_char(at, 'YYYY-MM-DD HH24:MI'), datediff('hour', at, current_timestamp()), last_day(at::date) from
item

select object_construct('k', id, 'l', [1, 2]), {'x': 1}, array_agg(id) within group (order by id),
try_to_number('1,5') from item

select count(distinct id), sum(price), median(price), approx_count_distinct(name) from item group by rollup
(name) having 1 = 1

select * from (values (1, 'a'), (2, $$b$$)) as v (x, y) full outer join item on v.x = item.id

select * exclude (doc) rename (name as label) from item union all select 1, 'x', 2.5,
'2024-01-01'::timestamp_ntz

select regexp_replace(name, '(i)(n)', '\\2\\1'), split_part('a.b', '.', -1), lpad(name, 5, '*'), name ilike
any ('%K', 'i_%') from item

select * from item pivot (sum(price) for name in ('ink', 'pen'))

select $1, metadata$filename from @files (pattern => '.*')

select * from table(generator(rowcount => 3)), table(split_to_table('a.b', '.'))

select * from table(result_scan(last_query_id()))

select system$typeof(id), hash(name), md5(name), uuid_string(), seq4(), random(), numbers.nextval from item

select * from item at (offset => -60)

create or replace transient table t (id int autoincrement, v varchar(10) default 'x' not null, primary key
(id)) comment = 'c'

create table if not exists t2 as select id, name from item where id between 0 and 10

create or replace view v (a, b) as select id, name from item

insert into copy_of (id, name) select id, name from item where name is not null

insert overwrite into copy_of values (1, 'a'), (2, default)

insert all when id > 1 then into copy_of (id, name) values (id, name) else into copy_of select id, name from
item

merge into copy_of c using item i on c.id = i.id when matched and i.price > 1 then update set name = i.name
when not matched then insert (id, name) values (i.id, i.name)

update copy_of c set name = i.name from item i where c.id = i.id

delete from copy_of using item where copy_of.id = item.id and item.name like '%k'

alter table item add column if not exists more varchar(5), even_more number

alter table copy_of rename to other

alter table copy_of swap with item

truncate table if exists copy_of

drop table if exists copy_of cascade

create table copy_2 clone item

create or replace sequence s start = 5 increment = 2

describe table item

show tables like '%it%' in schema public starts with 'I' limit 5

show columns in table item ->> select "column_name" from $1

comment on table item is 'what is sold'

create schema if not exists other comment = 'x'

use schema fuzz.public

set (a, b) = (1, (select max(id) from item))

alter session set timezone = 'Europe/Vienna', query_tag = 'x'

begin transaction name x

grant select, insert on table item to role public

create role if not exists r

create tag cost allowed_values 'a', 'b'

explain select 1

create or replace stage s2 directory = (enable = true) file_format = (type = csv skip_header = 1)

create file format f type = json strip_outer_array = true

list @files/x pattern = '.*csv'

remove @files/x/y.csv

copy into copy_of (id, name) from (select $1, $2 from @files/in/) file_format = (type = csv) on_error =
continue

copy into @files/out/ from (select * from item) file_format = (type = csv field_delimiter = '|') overwrite =
true

create or alter task root schedule = 'USING CRON 0 2 * * 1-5 Europe/Vienna' allow_overlapping_execution = true
suspend_task_after_num_failures = 3 config = $${"k": {"l": 1}}$$ comment = 'it''s' as select 1

create task grand_child warehouse = w user_task_timeout_ms = 1000 after root, child when
system$get_predecessor_return_value('CHILD') = 'go' and not system$stream_has_data('s') as call p()

create task last finalize = root as begin let x := 1; call system$set_return_value(:x); end

create or replace task serverless user_task_managed_initial_warehouse_size = 'XSMALL' schedule = '5 M'
target_completion_interval = '10 minutes' task_auto_retry_attempts = 2 timezone = 'UTC' as execute immediate
$$ begin null; end $$

alter task child modify when 1 = 1

alter task child modify as select 3

alter task if exists child remove after root

alter task root set schedule = '11 minutes' comment = 'x' config = '{}'

alter task root unset comment, config

alter task root suspend

show tasks in schema public root only

describe task root

drop task if exists child

create task copied clone root

select * from table(information_schema.task_history(task_name => 'ROOT', result_limit => 10, error_only =>
true))

select * from table(information_schema.task_dependents(task_name => 'fuzz.public.root', recursive => false))

select system$task_dependents_enable('fuzz.public.root')

select system$task_runtime_info('CURRENT_TASK_NAME')

create or replace procedure p(a int default 1, b varchar) returns table (x int, y varchar) language sql
execute as caller as $$ declare r resultset default (select 1, :b); begin return table(r); end $$

create function f(x number(5, 2)) returns float as 'x * 2'

create or replace function g(x int) returns int language python runtime_version = '3.11' packages = ('numpy') handler = 'g' as 'def g(x):
    return x'

drop procedure if exists p(int, varchar)

show procedures like 'P%'

call p(b => 'x', a => 2)

execute immediate $$ declare n int default 0; c cursor for select id from item where id > ?; begin open c
using (0); fetch c into n; close c; if (n > 1) then return n; elseif (n = 1) then n := n + 1; else return
null; end if; return 'n: ' || n; exception when statement_error or other then return sqlerrm || sqlcode; end
$$

execute immediate $$ begin let s := ''; for r in (select 1) do null; end for; for i in reverse 1 to 3 do s :=
s || i; end for; case (s) when '321' then return s; else raise statement_error; end case; end $$

begin let rs resultset := (select * from item); let q := 'select ' || 1; execute immediate :q; return
table(rs); end

begin async (insert into copy_of values (1, 'a')); await all; let x variant := parse_json('[1]'); return x[0];
end

execute immediate 'insert into copy_of values (?, ?)' using (1, 2)

with twice as procedure (n int) returns int language sql as $$ begin return n * 2; end $$ call twice(2)
