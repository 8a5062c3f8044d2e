"""What scripts that set up a pipeline are made of, statement by statement."""

import pytest

pytestmark = pytest.mark.engine
SETUP = """
set me = current_user()
create or replace role loader
grant role loader to role sysadmin
grant role loader to user identifier($me)
grant execute task on account to role loader
create or replace warehouse loading warehouse_size = xsmall, auto_suspend = 300, auto_resume = true
alter warehouse loading set warehouse_size = xlarge wait_for_completion = true
use role loader
use warehouse identifier('loading')
set source = 'raw_orders'
create table if not exists identifier($source) (id int, data variant, at timestamp default current_timestamp())
set target = 'orders'
create table if not exists identifier($target) comment = 'c' clone identifier($source)
create stream if not exists changed on table identifier($source) comment = 's'
"""


@pytest.fixture
def pipeline(run):
    run(*SETUP.strip().splitlines())


@pytest.mark.usefixtures("pipeline")
def test_variables_name_objects(run):
    run("set proc = 'merge_orders'")
    run("""create or replace procedure identifier($proc)() returns varchar language sql as $$
begin
  merge into orders o
  using (select * from changed qualify row_number() over (partition by data:id order by at) = 1) c
  on o.data:id = c.data:id
  when matched and c.metadata$action = 'INSERT' then update set o.at = c.at
  when not matched then insert (id, data, at) values (c.id, c.data, c.at);
  return 'merged ' || sqlrowcount;
end $$""")
    run("""insert into raw_orders (id, data) select 1, parse_json('{"id": 5}')""")
    assert run("select system$stream_has_data('changed') from dual") == [(True,)]
    assert run("call identifier($proc)()") == [("merged 1",)]
    assert run("select data:id::int from orders") == [(5,)]
    assert run("select system$stream_has_data('changed') from dual") == [(False,)]


def test_the_result_of_a_procedure_is_scanned_by_place(run):
    run("""create procedure listed() returns table (name string) language sql as
declare
  names cursor for select column1 as name from values ('a'), ('b');
begin
  create or replace temporary table found (name string);
  for one in names do
    let name string := one.name;
    insert into found values (:name);
  end for;
  let rows resultset := (select * from found order by name);
  return table(rows);
end""")
    assert run("""declare rows resultset; told string;
begin
  rows := (call listed());
  select listagg($1, ';') into :told from table(result_scan(last_query_id()));
  return told;
end""") == [("a;b",)]


def test_a_failure_is_logged_and_the_block_goes_on(run):
    run("create table log (code int, message varchar)")
    assert run("""begin
  select * from nowhere;
exception
  when other then
    insert into log values (:sqlcode, :sqlerrm);
    return 'failed with ' || sqlcode;
end""") == [("failed with 2003",)]
    assert run("select code, contains(message, 'NOWHERE') from log") == [(2003, True)]


def test_documents_are_flattened_by_a_view(run):
    run("create table events (id int, payload variant)")
    run("""insert into events select column1, parse_json(column2)
           from values (1, '{"items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 1}]}')""")
    run("""create view items as select e.id, f.value:sku::string as sku, f.value:qty::int as qty
           from events e, lateral flatten(input => e.payload:items) f""")
    assert run("select * from items order by sku") == [(1, "a", 2), (1, "b", 1)]


def test_statements_are_put_together_in_procedures(run):
    run("create table counted (id int, v varchar)")
    run("""create procedure load(name string, n int) returns string language sql as $$
declare
  statement string;
begin
  statement := 'insert into ' || name || ' select ' || n || ', ''x''';
  execute immediate statement;
  return 'rows: ' || (select count(*) from identifier(:name));
end $$""")
    assert run("call load('counted', 9)") == [("rows: 1",)]


def test_a_procedure_ends_its_transaction_by_what_it_counted(run):
    run("create table log (what varchar)")
    run("""create procedure audit(what varchar, wanted int) returns int language sql execute as caller as $$
begin
  begin transaction;
  insert into log select :what;
  let n integer := sqlrowcount;
  if (n = wanted) then commit; else rollback; end if;
  return n;
end $$""")
    assert run("call audit('kept', 1)") == [(1,)]
    assert run("call audit('not kept', 2)") == [(1,)]
    assert run("select what from log") == [("kept",)]


def test_a_procedure_walks_an_array(run):
    assert run("""declare
  amounts array default array_construct(1, 2, 3);
  total int default 0;
begin
  for i in 0 to array_size(amounts) - 1 do
    total := total + amounts[i]::int;
  end for;
  return total;
end""") == [(6,)]
