"""What is not there is refused in plain words, and never done in part."""

import pytest

pytestmark = pytest.mark.engine
STATEMENTS = [
    ("create or replace pipe p as copy into t from @nowhere", "CREATE PIPE"),
    ("create alert a if (exists (select 1)) then select 1", "CREATE ALERT"),
    ("create external table e with location = @nowhere file_format = (type = csv)", "CREATE EXTERNAL TABLE"),
    ("create hybrid table h (a int primary key)", "CREATE HYBRID TABLE"),
    ("create materialized view m as select a from t", "CREATE MATERIALIZED VIEW"),
    ("create row access policy r as (a int) returns boolean -> true", "CREATE ROW ACCESS"),
    ("create table c clone t at (offset => -60)", "Time travel (AT, BEFORE)"),
    ("select * from t at (offset => -60)", "Time travel (AT, BEFORE)"),
    ("select * from t before (statement => 'x')", "Time travel (AT, BEFORE)"),
    ("select * from t match_recognize (order by a measures 1 as x pattern (y) define y as true)", "MATCH_RECOGNIZE"),
    ("create procedure j() returns varchar language javascript as $$ return 1 $$", "LANGUAGE JAVASCRIPT"),
    ("create function j() returns int language java handler = 'a' as $$ x $$", "LANGUAGE JAVA"),
    ("create procedure j() returns int language scala handler = 'a' as $$ x $$", "LANGUAGE SCALA"),
    ("create aggregate function g(a int) returns int as $$ sum(a) $$",
     "An aggregate function that is not in Python, or gives a table,"),
    ("alter table t add row access policy p on (a)", "ALTER TABLE … ADD ROW ACCESS"),
    ("alter table t drop all row access policies", "ALTER TABLE … DROP ALL ROW ACCESS"),
    ("alter table t add data metric function snowflake.core.null_count on (a)", "ALTER TABLE … ADD DATA METRIC"),
    ("alter table t set data_metric_schedule = '5 minute'", "DATA_METRIC_SCHEDULE of a table"),
    ("create dbt project p from '@st'", "CREATE DBT PROJECT"),
    ("execute dbt project p args = 'build'", "EXECUTE DBT PROJECT"),
    ("create view v as select * from snowflake.account_usage.query_history",
     "The database SNOWFLAKE (use the table functions of INFORMATION_SCHEMA)"),
    ("insert into t select 1 from snowflake_sample_data.tpch_sf1.orders", "The database SNOWFLAKE_SAMPLE_DATA"),
    ("create schema main", "A schema of the name MAIN, which DuckDB has for itself,"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "what"), STATEMENTS, ids=[what for _, what in STATEMENTS])
def test_a_statement(run, refused, statement, what):
    run("create table t (a int)")
    assert refused(statement) == (2, f"{what} is not supported by the local engine.")
