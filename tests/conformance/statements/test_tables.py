"""CREATE, ALTER, DESCRIBE and SHOW of tables and views."""

import pytest

pytestmark = pytest.mark.engine
TABLE = """
create table orders (
  id int autoincrement start 10 increment 5, name varchar(20) not null default 'x' comment 'who', amount number(10,2),
  constraint pk primary key (id), unique (name)
) cluster by (name) comment = 'all of them'
"""


@pytest.fixture
def orders(run):
    run(TABLE, "insert into orders (name, amount) values ('a', 1.5), ('b', 2)")


def described(dicts, column):
    row = next(row for row in dicts("describe table orders") if row["name"] == column)
    return tuple(row[key] for key in ("type", "null?", "default", "primary key", "unique key", "comment"))


@pytest.mark.usefixtures("orders")
def test_what_a_table_is_made_with_is_shown(run, dicts):
    assert run("select id, name, amount::varchar from orders order by id") == [(10, "a", "1.50"), (15, "b", "2.00")]
    assert described(dicts, "ID") == ("NUMBER(38,0)", "N", "IDENTITY START 10 INCREMENT 5 NOORDER", "Y", "N", None)
    assert described(dicts, "NAME") == ("VARCHAR(20)", "N", "'x'", "N", "Y", "who")
    (shown,) = dicts("show tables like 'ORDERS'")
    assert (shown["cluster_by"], shown["comment"]) == ("LINEAR(name)", "all of them")
    assert run("select column_default, is_identity, comment from information_schema.columns "
               "where table_name = 'ORDERS' order by ordinal_position") == [
        (None, "YES", None), ("'x'", "NO", "who"), (None, "NO", None)]  # fmt: skip


@pytest.mark.usefixtures("orders")
def test_keys_are_not_enforced_but_a_primary_key_is_not_null(run, refused):
    run("insert into orders (id, name) values (10, 'a')")
    assert run("select count(*) from orders where id = 10 and name = 'a'") == [(2,)]
    assert refused("insert into orders (id, name) values (null, 'a')")[0] == 100072


@pytest.mark.usefixtures("orders")
def test_columns_are_altered(run, dicts):
    for change in ("alter column name set data type varchar(50)", "modify column name drop default",
                   "alter name comment 'new'", "modify column name drop not null"):  # fmt: skip
        run(f"alter table orders {change}")
    assert described(dicts, "NAME") == ("VARCHAR(50)", "Y", None, "N", "Y", "new")
    run("alter table orders modify (amount set not null, name unset comment)")
    assert described(dicts, "AMOUNT")[1] == "N"
    assert described(dicts, "NAME")[5] is None


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("name set data type varchar(5)", "reducing the byte-length of a varchar is not supported"),
        ("amount set data type number(10,3)", "changing the scale of a number is not supported"),
        ("name set data type int", "from type VARCHAR(20) to NUMBER(38,0)\n"),
    ],
)
def test_columns_keep_what_they_hold(refused, change, why):
    code, message = refused(f"alter table orders alter column {change}")
    assert (code, why in message) == (2108, True)


@pytest.mark.usefixtures("orders")
def test_columns_are_added_and_dropped(run, refused):
    run("alter table orders add column n int not null default 7, s string")
    assert run("select n, s from orders") == [(7, None), (7, None)]
    run("alter table orders add column if not exists n int")
    assert refused("alter table orders add column n int")[0] == 1430
    assert refused("alter table orders add column m int not null")[0] == 2393
    run("alter table orders drop column n, s")
    assert refused("select n from orders")[0] == 904


@pytest.mark.usefixtures("orders")
def test_keys_and_clustering_come_and_go(run, dicts, refused):
    run("alter table orders drop primary key", "alter table orders add constraint k unique (amount)")
    assert (described(dicts, "ID")[3], described(dicts, "AMOUNT")[4]) == ("N", "Y")
    run("alter table orders drop constraint k", "alter table orders add primary key (amount)")
    assert (described(dicts, "AMOUNT")[3], described(dicts, "AMOUNT")[4]) == ("Y", "N")
    assert refused("alter table orders drop constraint k")[0] == 2003
    run("alter table orders cluster by (amount, name)")
    assert dicts("show tables like 'ORDERS'")[0]["cluster_by"] == "LINEAR(amount, name)"
    run("alter table orders drop clustering key")
    assert dicts("show tables like 'ORDERS'")[0]["cluster_by"] == ""


@pytest.mark.usefixtures("orders")
def test_like_copies_columns_and_clone_rows_as_well(run, dicts):
    run("create table as_like like orders", "create table as_clone clone orders")
    assert run("select count(*) from as_like") == [(0,)]
    assert run("select name from as_clone order by 1") == [("a",), ("b",)]
    for name in ("as_like", "as_clone"):
        rows = {row["name"]: row for row in dicts(f"describe table {name}")}
        assert (rows["ID"]["primary key"], rows["NAME"]["default"], rows["NAME"]["comment"]) == ("Y", "'x'", "who")


@pytest.mark.usefixtures("orders")
def test_a_view_reads_its_own_schema_whatever_the_session_is_in(run, dicts):
    run("create or replace secure view latest comment = 'v' as with one as (select * from orders) select name from one",
        "create schema elsewhere", "create table orders (name int)")  # fmt: skip
    assert run("select name from public.latest order by 1") == [("a",), ("b",)]
    run("create view public.made_elsewhere as select name from orders where name = 'a'")
    assert run("select * from public.made_elsewhere") == [("a",)]
    (shown,) = dicts("show views like 'LATEST' in schema public")
    assert (shown["is_secure"], shown["comment"]) == ("true", "v")
    run("use schema public", "alter view latest unset secure")
    assert dicts("show views like 'LATEST'")[0]["is_secure"] == "false"


@pytest.mark.usefixtures("orders")
def test_columns_are_listed_by_scope(dicts):
    assert [row["column_name"] for row in dicts("show columns in schema public")] == ["ID", "NAME", "AMOUNT"]
    assert [row["column_name"] for row in dicts("show columns like 'na%' in table orders")] == ["NAME"]
    assert [row["table_name"] for row in dicts("show columns like 'id' in database")] == ["ORDERS"]


def test_terse_lists_have_five_columns(run, dicts):
    run("create table t (a int)")
    assert list(dicts("show terse tables")[0]) == ["created_on", "name", "kind", "database_name", "schema_name"]


@pytest.mark.usefixtures("orders")
def test_a_table_moves_to_another_schema(run, dicts, refused):
    run("create schema other", "use schema public", "alter table orders rename to other.moved")
    assert run("select name from other.moved order by 1") == [("a",), ("b",)]
    assert dicts("show tables in schema other")[0]["comment"] == "all of them"
    assert refused("select * from orders")[0] == 2003


def test_sequences_are_altered_and_described(run, dicts, refused):
    run("create sequence s start = 5 increment = 2")
    assert run("select s.nextval") == [(5,)]
    run("alter sequence s set increment = 10")
    assert run("select s.nextval, s.nextval") == [(7, 17)]
    run("alter sequence s rename to renamed")
    (told,) = dicts("describe sequence renamed")
    assert (told["name"], told["next_value"], told["interval"]) == ("RENAMED", 27, 10)
    assert refused("describe sequence s")[0] == 2003


def test_the_transaction_that_is_open_has_an_id(run):
    assert run("select current_transaction()") == [(None,)]
    run("begin")
    assert run("select current_transaction() is not null") == [(True,)]
    run("rollback")
