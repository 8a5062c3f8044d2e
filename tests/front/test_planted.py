"""A planted fault is reported at its place, to the character, whatever stands around it."""

import random

import pytest

from neve.compile import compile_project

MACROS = """\
{% macro from_table(name) %}from {{ name }}{% endmacro %}
{% macro planted() %}select * from nowhere{% endmacro %}
{% macro outer() %}{{ planted() }} where true{% endmacro %}
"""


def compiled(folder, body, header="materialized: table"):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/m.sql", f"/*---\n{header}\ndescription: é𝄞\n---\n*/\n{body}")
    _, findings = compile_project(folder.root)
    return [(found.code, found.span.path, folder.text(found.span)) for found in findings]


@pytest.mark.parametrize(
    ("body", "code", "path", "marked"),
    [
        ("select * from nowhere", "NEVE303", "models/m.sql", "nowhere"),
        ("select '𝄞' as a, {{ 1 }} as b\nfrom db.sch.nowhere n", "NEVE303", "models/m.sql", "db.sch.nowhere"),
        ("{% if true %}select * from nowhere{% endif %}", "NEVE303", "models/m.sql", "nowhere"),
        ("{% for t in ['a'] %}select * from nowhere{% endfor %}", "NEVE303", "models/m.sql", "nowhere"),
        ("{% for t in ['nowhere'] %}select * from {{ t }}{% endfor %}", "NEVE303", "models/m.sql", "{{ t }}"),
        ("select * from {{ ref('nowhere') }}", "NEVE303", "models/m.sql", "{{ ref('nowhere') }}"),
        ("select * from {{ source('no', 'where') }}", "NEVE303", "models/m.sql", "{{ source('no', 'where') }}"),
        ("select * {{ from_table('nowhere') }}", "NEVE303", "macros/m.sql", "{{ name }}"),
        ("{{ outer() }}", "NEVE303", "macros/m.sql", "nowhere"),
        ("select 1 as a,\n  {{ 2 }} as b form t", "NEVE210", "models/m.sql", "form"),
        ("select 'a as b {{ 1 }}", "NEVE210", "models/m.sql", "'"),
        ("select {{ noting }} as a", "NEVE202", "models/m.sql", "noting"),
        ("select {{ var('noting') }} as a", "NEVE203", "models/m.sql", "'noting'"),
    ],
)
def test_the_span_is_the_planted_one(folder, body, code, path, marked):
    assert compiled(folder, body) == [(code, path, marked)]


def test_inside_macros_the_way_there_is_told(folder):
    compiled(folder, "{{ outer() }}")
    _, findings = compile_project(folder.root)
    (found,) = findings
    assert [folder.text(related.span) for related in found.related] == ["{{ planted() }}", "{{ outer() }}"]


@pytest.mark.parametrize(
    ("yaml", "code", "marked"),
    [
        ("after: [nowhere]", "NEVE304", "nowhere"),
        ("materialized: table\ngraph: nowhere", "NEVE114", "nowhere"),
        ("materialized: table\nwhen: nowhere('x')", "NEVE403", "nowhere('x')"),
        ("materialized: table\ngraph: nightly\nschedule: 5 hours", "NEVE402", "5 hours"),
    ],
)
def test_in_headers_too(folder, yaml, code, marked):
    found = compiled(folder, "select 1 as a", yaml)
    assert (code, "models/m.sql", marked) in found


PADDING = (
    "-- é𝄞\n",
    "/* {} */ ",
    "{# gone #}",
    "{% if true %} {% endif %}\n",
    "{% for i in [1, 2] %}-- {{ i }}\n{% endfor %}",
    "{% set x = 'nowhere' %}",
    "\n\n",
)


@pytest.mark.parametrize("seed", range(25))
def test_padding_does_not_move_the_place(folder, seed):
    """Comments, loops and conditions before the fault; two faults, each found where it is."""
    chance = random.Random(seed)
    before, between = ("".join(chance.choices(PADDING, k=chance.randrange(6))) for _ in range(2))
    body = f"{before}select a.x {between} from nowhere_1 a join {{{{ 'nowhere_2' }}}} b on true"
    compiled(folder, body)
    _, findings = compile_project(folder.root)
    text = folder.read("models/m.sql")
    starts = [found.span.start for found in findings if found.code == "NEVE303"]
    assert starts == [text.index("nowhere_1 a"), text.index("{{ 'nowhere_2' }}")]
