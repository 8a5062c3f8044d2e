"""Roles, warehouses, tags, grants: recorded and shown."""

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def shown(session):
    """Rows of a statement by column."""
    return lambda sql: session.execute(sql).dicts()


def test_roles(session, shown, refused):
    session.execute("create or replace role analyst comment = 'reads'")
    assert [(row["name"], row["comment"]) for row in shown("show roles like 'analyst'")] == [("ANALYST", "reads")]
    assert refused("create role analyst") == (2002, "42710")
    session.execute("drop role analyst")
    assert refused("drop role analyst") == (2003, "02000")
    session.execute("drop role if exists analyst")


def test_the_role_in_use_is_marked(session, shown):
    session.execute("use role sysadmin")
    assert [row["name"] for row in shown("show roles") if row["is_current"] == "Y"] == ["SYSADMIN"]


def test_warehouses(session, shown):
    session.execute("create or replace warehouse wh warehouse_size = 'X-SMALL' auto_suspend = 60")
    session.execute("alter warehouse wh set warehouse_size = 'LARGE'")
    session.execute("alter warehouse wh suspend")
    (row,) = shown("show warehouses like 'WH'")
    told = row["size"], row["auto_suspend"], row["is_current"], row["state"]
    assert told == ("Large", 60, "Y", "SUSPENDED")
    session.execute("alter warehouse wh resume if suspended")
    assert [row["state"] for row in shown("show warehouses like 'WH'")] == ["STARTED"]
    session.execute("drop warehouse wh")
    assert shown("show warehouses like 'WH'") == []


def test_integrations(session, shown, refused):
    create = "create {} notification integration mail type = email enabled = true allowed_recipients = ('a@b.c')"
    assert session.execute(create.format("")).rows == [("Integration MAIL successfully created.",)]
    assert refused(create.format("")) == (2002, "42710")
    session.execute(create.format("or replace"))
    session.execute(
        "create api integration if not exists git api_provider = git_https_api enabled = true comment = 'x'"
    )
    rows = [tuple(row[key] for key in ("name", "type", "category", "enabled")) for row in shown("show integrations")]
    assert rows == [("GIT", "", "API", "true"), ("MAIL", "EMAIL", "NOTIFICATION", "true")]
    session.execute("alter notification integration mail set enabled = false")
    assert [row["enabled"] for row in shown("show notification integrations like 'mail'")] == ["false"]
    assert ("ENABLED", "String", "false", "") in session.execute("desc integration mail").rows
    session.execute("grant usage on integration mail to role sysadmin")
    session.execute("drop integration mail")
    session.execute("drop api integration git")
    session.execute("drop integration if exists mail")
    assert refused("drop integration mail") == (2003, "02000")
    assert shown("show integrations") == []


def test_secrets_of_integrations_are_not_shown(session):
    session.execute("create api integration secretive api_key = 's3cr3t' enabled = true")
    session.execute("alter integration secretive set api_key = 's3cr3t'")
    assert ("API_KEY", "String", "****", "") in session.execute("describe integration secretive").rows
    session.execute("drop integration secretive")


def test_grants_can_be_seen_and_revoked(session, shown):
    session.execute("create or replace role reader")
    session.execute("grant usage, create table on schema public to role reader")
    session.execute("create or replace table granted (a int)")
    session.execute("grant select on all tables in schema public to role reader")
    session.execute("grant execute task on account to role reader with grant option")
    session.execute("grant role reader to user neve")
    rows = {(row["privilege"], row["granted_on"], row["grant_option"]) for row in shown("show grants to role reader")}
    assert rows == {
        ("USAGE", "SCHEMA", "false"),
        ("CREATE TABLE", "SCHEMA", "false"),
        ("SELECT", "TABLE", "false"),
        ("EXECUTE TASK", "ACCOUNT", "true"),
    }
    assert [row["grantee_name"] for row in shown("show grants of role reader")] == ["NEVE"]
    session.execute("revoke usage on schema public from role reader")
    assert len(shown("show grants to role reader")) == 3
    session.execute("drop role reader")


def test_grants_name_what_is_there(session, shown):
    session.execute("create or replace role keeper")
    session.execute("create or replace table kept (a int)")
    session.execute("grant select on table kept to role keeper")
    name = f"{session.database}.{session.schema}.KEPT"
    assert [(row["name"], row["privilege"]) for row in shown("show grants on table kept")] == [(name, "SELECT")]
    session.execute("grant select on future tables in schema public to role keeper")
    (row,) = shown("show future grants in schema public")
    assert (row["name"], row["grant_on"]) == (f"{session.database}.PUBLIC.<TABLE>", "TABLE")


def test_tables_and_views_need_no_kind(session, shown):
    session.execute("create or replace role reads_them")
    session.execute("create or replace table there as select 1 as a")
    session.execute("create or replace view seen as select a from there")
    session.execute("grant select on there to role reads_them")
    session.execute(f"grant select on {session.schema}.seen to role reads_them")
    place = f"{session.database}.{session.schema}"
    granted = [(row["granted_on"], row["name"]) for row in shown("show grants to role reads_them")]
    assert sorted(granted) == [("TABLE", f"{place}.THERE"), ("VIEW", f"{place}.SEEN")]
    session.execute("revoke select on there from role reads_them")
    assert len(shown("show grants to role reads_them")) == 1


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        ("dbt project a.b.c", "DBT PROJECT", "A.B.C"),
        ("mcp server a.b.c", "MCP SERVER", "A.B.C"),
        ("external access integration outside", "EXTERNAL ACCESS INTEGRATION", "OUTSIDE"),
        ("cortex search service a.b.c", "CORTEX SEARCH SERVICE", "A.B.C"),
        ('integration "integration"', "INTEGRATION", "integration"),
        ("database snowflake", "DATABASE", "SNOWFLAKE"),
        ("warehouse monitor", "WAREHOUSE", "MONITOR"),
        ("database monitor", "DATABASE", "MONITOR"),
    ],
)
def test_what_is_granted_on_has_a_kind_of_some_words_and_a_name(session, shown, on, kind, name):
    session.execute("create or replace role user_of_it")
    session.execute("create database if not exists monitor")
    session.execute(f"grant usage on {on} to role user_of_it")
    assert [(row["granted_on"], row["name"]) for row in shown("show grants to role user_of_it")] == [(kind, name)]
    session.execute(f"revoke usage on {on} from role user_of_it")
    assert shown("show grants to role user_of_it") == []


@pytest.mark.parametrize(
    "statement",
    [
        "grant select on table public.there to role nobody",
        "grant role nobody to user neve",
        "grant role public to user nobody",
        "grant usage on database nowhere to role public",
        "grant usage on schema nowhere to role public",
        "grant select on table nowhere to role public",
        "show grants to role nobody",
    ],
)
def test_what_is_granted_and_who_gets_it_must_exist(session, refused, statement):
    session.execute("create or replace table public.there (a int)")
    assert refused(statement)[0] == 2003


def test_tags(session, rows, refused):
    session.execute("create tag cost allowed_values 'low', 'high'")
    session.execute("create table t (a int)")
    session.execute("alter table t set tag cost = 'low'")
    session.execute("alter table t modify column a set tag cost = 'high'")
    query = "select system$get_tag('cost', 't', 'table'), system$get_tag('cost', 't.a', 'column')"
    assert rows(query) == [("low", "high")]
    session.execute("alter table t unset tag cost")
    assert rows(query) == [(None, "high")]
    assert refused("select system$get_tag('nope', 't', 'table')") == (2003, "02000")


def test_passwords_are_not_kept(session, engine):
    session.execute("create or replace user someone password = 'hunter2' default_role = analyst")
    with engine.store.transaction() as db:
        kept = db.execute("SELECT properties FROM access_objects WHERE name = 'SOMEONE'").fetchone()
    assert "hunter2" not in kept["properties"]
    assert "ANALYST" in kept["properties"].upper()
