"""What is broken: a small project that uses everything, files to put into it, statements for the engine."""

from pathlib import Path

SNIPPETS = Path(__file__).parent.parent / "snippets"

FILES = {
    "project.yml": """\
name: demo
vars: {a: 1, b: [x, "y"]}
defaults: &d
  graph: nightly
  models/staging: {schema: STAGING, tags: [x]}
graphs:
  nightly: {schedule: 24 hours, config: {k: {l: 1.5}}, cleanup: on_success, run_schema: "RUN_{run_id}"}
targets:
  local: {engine: local, database: D, defaults: {<<: *d}}
sources:
  shop: {tables: {sales: {columns: {id: number}}}}
# end
""",
    "macros/m.sql": "{% macro cents(column, scale=100) -%} ({{ column }} / {{ scale }}) {%- endmacro %}\n",
    "models/m.sql": """\
/*---
materialized: incremental
unique_key: [id, 'b']
columns:
  - {name: id, data_tests: [not_null, {accepted_values: [0, 1]}]}
user_task_timeout_ms: 100
description: |
  More
---
Text é𝄞.
*/
{% set days = [1, 2] %}{{ config(tags=['a'], alias='MM') }}
select id, b, {% for d in days -%} {{ cents('x' ~ d) }} as y{{ d }}{{ "," if not loop.last }} {%- endfor %}
from {{ ref('n') }} join {{ source('shop', 'sales') }} using (id) {# no #} where x > '{{ var("a", 3) | upper }}'
{% if is_incremental() %}and x1 > (select max(y1) from {{ this }})
{% elif target.name == 'x' %}{% raw %}{{{% endraw %}{% endif %}
""",
    "models/n.sql": """\
with a as (select *, 'it''s' as q from sales s where s.id in (1, 2)), "B" as (select $1:x::int as id from a)
select a.id, count(*) over (partition by "B".id order by a.q) as b, iff(a.id > 1, 1, 0)::float as x,
  /* c */ 1 as x1, 2 as x2
from a left join "B" on a.id = "B".id, lateral flatten(input => a.q) f -- end
qualify row_number() over (order by a.id) = 1
union all select 1, 2, 3, 4, 5
""",
    "tasks/load.sql": """\
/*---
when: return_value('p') = 'é𝄞'
---
*/
declare total int default 0;
begin
  let c cursor for select id from n;
  for r in c do total := total + r.id; end for;
  if (total > 1) then insert into target_table select * from n; else delete from target_table; end if;
  merge into other_table t using n on t.id = n.id
    when matched then update set id = 1 when not matched then insert values (1);
  execute immediate 'create or replace table more as select 1 as x';
  call system$set_return_value(system$get_predecessor_return_value('p'));
exception when other then return sqlerrm;
end;
""",
    "tasks/plain.sql": """\
create or replace table target_table as select * from n;
create table other_table (id int);
copy into @stage from n;
""",
    "python_tasks/helper.py": "def clean(rows):\n    return rows.filter('x > 1')\n",
    "python_tasks/p.py": '''\
"""---
packages: [snowflake-ml-python]
after: plain
---
Text.
"""
from helper import clean


def main(session, run):
    data = clean(session.table("n"))
    session.sql("insert into other_table select * from n").collect()
    data.write.save_as_table("written", mode="overwrite")
    return {"x": run.config["k"], "y": run.as_of}
''',
}

_PLACES = {
    "dbt": "models/m.sql",
    "python": "python_tasks/p.py",
    "scripting": "tasks/load.sql",
    "sql": "tasks/plain.sql",
}


def texts() -> list[tuple[str, str]]:
    """Where a file stands in the project, and a text for it that is not broken yet."""
    snippets = [
        (place, file.read_text(encoding="utf-8"))
        for folder, place in _PLACES.items()
        for file in sorted((SNIPPETS / folder).glob("*"))
    ]
    return [*FILES.items(), *snippets]


def statements(name: str) -> list[str]:
    """The statements of a file here, which blank lines keep apart."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8").strip().split("\n\n")
