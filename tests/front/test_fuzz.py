"""Broken input gives findings with places inside a file, never an exception, and never takes long.

One file of a project is mutated at a time: headers, YAML, Jinja, SQL, scripting, Python. `NEVE_FUZZ=100000 pytest
tests/front/test_fuzz.py` tries more of them.
"""

import os
import random
import time

import pytest

from neve.compile import compile_project
from neve.diagnostics import codes, text

CASES = int(os.environ.get("NEVE_FUZZ", "2000"))
PARTS = 8
SLOWEST = 5.0

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
CHARACTERS = "{}[]()%#-:,;.'\"|\n\t *&!<>=\\`@$\0\x1b\ufeff\U000f0001é𝄞~"
PIECES = [
    *CHARACTERS, "{{", "}}", "{%", "%}", "---", "/*", "*/", "$$", "1e999", "range(9)", "null", "true", "  ", "begin",
    "end;", "select", "from", "with", "as", "def ", "lambda", "f'{", "\n\n",
]  # fmt: skip


def mutated(chance, original):
    broken = original
    for _ in range(chance.randrange(1, 5)):
        start = chance.randrange(len(broken) + 1)
        end = min(len(broken), start + chance.choice((0, 1, 1, 2, 5, 30)))
        match chance.randrange(4):
            case 0:
                broken = broken[:start] + broken[end:]
            case 1:
                broken = broken[:start] + chance.choice(PIECES) + broken[start:]
            case 2:
                broken = broken[:start] + broken[start:end] * chance.choice((2, 3, 40)) + broken[end:]
            case _:
                other = chance.randrange(len(broken) + 1)
                broken = broken[:start] + broken[other : other + 20] + broken[end:]
    return broken


def test_unbroken_the_project_compiles(folder):
    for path, body in FILES.items():
        folder.write(path, body)
    compiled, findings = compile_project(folder.root)
    assert [(found.code, found.message) for found in findings.errors] == []
    assert compiled.script is not None


@pytest.mark.parametrize("part", range(PARTS))
def test_mutations_give_findings_and_no_exception(folder, part):
    for path, body in FILES.items():
        folder.write(path, body)
    for seed in range(part, CASES, PARTS):
        chance = random.Random(seed)
        path = chance.choice(list(FILES))
        folder.write(path, mutated(chance, FILES[path]))
        start = time.perf_counter()
        compiled, findings = compile_project(folder.root)
        assert time.perf_counter() - start < SLOWEST, seed
        assert findings.errors or (compiled and compiled.script), seed
        check(findings, folder, seed)
        folder.write(path, FILES[path])


def check(findings, folder, seed):
    for found in findings:
        assert found.code in codes.CODES, seed
        for span in filter(None, (found.span, *(related.span for related in found.related))):
            assert 0 <= span.start <= span.end <= len(folder.read(span.path)), (seed, found)
    assert "\x1b" not in text.render(findings, folder.read), seed
