"""Broken input gives findings with places inside a file, never an exception, and never takes long.

`NEVE_FUZZ=100000 pytest tests/front/test_fuzz.py` tries more of them.
"""

import os
import random
import time

import pytest

from neve.diagnostics import codes, text
from neve.ir import SourceFile

CASES = int(os.environ.get("NEVE_FUZZ", "600"))
YAML = """\
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
"""
HEADER = """\
/*---
materialized: incremental
unique_key: [a, 'b']
when: return_value('x') = 'é𝄞'
columns:
  - {name: id, data_tests: [not_null, {accepted_values: [0, 1]}]}
user_task_timeout_ms: 100
description: |
  More
---
Text.
*/
"""
BODY = """\
{% set days = [1, 2] %}{{ config(materialized='table', tags=['a']) }}
select {% for d in days -%} {{ cents('x' ~ d) }}{{ "," if not loop.last }} {%- endfor %}
from {{ ref('a') }} join {{ source('s', 't') }} {# no #} where x > '{{ var("a", 3) | upper }}'
{% if is_incremental() %}and y > (select max(y) from {{ this }})
{% elif target.name == 'x' %}{% raw %}{{{% endraw %}{% endif %}
"""
MACRO = "{% macro cents(column, scale=100) -%} ({{ column }} / {{ scale }}) {{ caller() if caller }} {%- endmacro %}\n"
PYTHON = '"""---\npackages: [a]\n---\nText.\n"""\ndef main(session, run):\n    return "{{ x }}"\n'
CHARACTERS = "{}[]()%#-:,'\"|\n\t *&!<>=\\`@\0\x1b\ufeff\U000f0001é𝄞~"
PIECES = [*CHARACTERS, "{{", "}}", "{%", "%}", "---", "/*", "*/", "$$", "1e999", "range(9)", "null", "true", "  "]


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


def check(findings, texts):
    for found in findings:
        assert found.code in codes.CODES
        for span in filter(None, (found.span, *(related.span for related in found.related))):
            assert 0 <= span.start <= span.end <= len(texts[span.path]), found
    assert "\x1b" not in text.render(findings, texts.__getitem__)


@pytest.mark.parametrize("part", range(4))
def test_mutated_projects_give_findings_and_no_exception(folder, part):
    for seed in range(part, CASES, 4):
        chance = random.Random(seed)
        texts = {
            "project.yml": YAML,
            "models/m.sql": HEADER + BODY,
            "macros/m.sql": MACRO,
            "python_tasks/p.py": PYTHON,
        }
        path = chance.choice(list(texts))
        texts[path] = mutated(chance, texts[path])
        if path == "models/m.sql" and chance.random() < 0.7:
            texts[path] = HEADER + mutated(chance, BODY)
        start = time.perf_counter()
        findings = front(folder, texts)
        assert time.perf_counter() - start < 5, seed
        check(findings, texts)


def front(folder, texts):
    """All passes of the front over a project given as texts."""
    from neve.diagnostics.collect import Findings
    from neve.header import read_header
    from neve.project import load_project
    from neve.render import make_renderer

    findings = Findings()
    folder.write("project.yml", texts["project.yml"])
    texts["project.yml"] = folder.read("project.yml")
    project = load_project(folder.root, None, {}, findings)
    if project is None:
        assert findings.errors
        return findings
    renderer = make_renderer(project, [SourceFile("macros/m.sql", "macro", texts["macros/m.sql"])], findings)
    for path, kind in (("models/m.sql", "model"), ("python_tasks/p.py", "python_task")):
        file = SourceFile(path, kind, texts[path])
        header = read_header(file, project, findings)
        rendered = renderer.render(file, header, findings) if header else None
        assert rendered or findings.errors
        if rendered and rendered.jinja:
            place = renderer.places(file, header, rendered)
            for at in range(0, len(rendered.text), 7):
                span = place(at, min(at + 3, len(rendered.text)))
                assert 0 <= span.start <= span.end <= len(texts[span.path])
    return findings
