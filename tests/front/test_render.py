import pytest

from neve.render import has_jinja

MACROS = """\
{% macro cents(column) %}({{ column }} / 100){% endmacro %}
{% macro both(a, b) %}{{ cents(a) }} + {{ cents(b) }}{% endmacro %}
"""


@pytest.mark.parametrize(
    ("body", "sql"),
    [
        ("{{ var('start_date') }}", "2024-01-01"),
        ("{{ var('none', 7) }}", "7"),
        ("{{ cents('x') }}", "(x / 100)"),
        ("{{ both('x', 'y') }}", "(x / 100) + (y / 100)"),
        ("{% for d in var('days') %}{{ d }}{{ ',' if not loop.last }}{% endfor %}", "1,2,3"),
        ("{{ ref('a') }}", '"neve"."ref"."a"'),
        ("{{ ref('package', 'a') }}", '"neve"."ref"."a"'),
        ("{{ source('shop', 'sales') }}", '"neve"."source"."shop.sales"'),
        ("{{ this }}", '"neve"."this"."this"'),
        ("{{ target }} {{ target.name }} {{ target.database }}.{{ target.schema }}", "local local DEMO.JOBS"),
        ("{{ target.warehouse or 'none' }} {{ target.type }}", "none snowflake"),
        ("{{ config(materialized='table') }}x", "x"),
        ("{{ config({'tags': ['a']}, schema='S') }}{{ config.get('schema') }}", "S"),
        ("{% set a = [1] %}{% do a.append(2) %}{{ a }}", "[1, 2]"),
        ("{# gone #}x\n", "x\n"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("a {%- if true %} b {%- endif %}", "a b"),
    ],
)
def test_what_templates_can_use(folder, body, sql):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/m.sql", f"/*---\n---\n{{{{ not jinja in the description }}}}\n*/\n{body}")
    rendered = folder.render()
    assert folder.said() == []
    assert rendered.text == sql


def test_config_is_kept_with_its_places(folder):
    folder.write("models/m.sql", "{{ config(\n  materialized = 'incremental', snowflake_warehouse='WH') }}select 1")
    rendered = folder.render()
    assert rendered.config == {"materialized": "incremental", "warehouse": "WH"}
    assert folder.text(rendered.config_spans["materialized"]) == "'incremental'"
    assert folder.text(rendered.config_spans["warehouse"]) == "'WH'"


def test_is_incremental_only_where_the_model_is(folder):
    body = "{% if is_incremental() %}new{% else %}all{% endif %}"
    folder.write("models/m.sql", "{{ config(materialized='incremental') }}" + body)
    assert folder.render().text == "new"
    assert folder.render(incremental=False).text == "all"
    folder.write("models/m.sql", "/*---\nmaterialized: incremental\n---\n*/\n" + body)
    assert folder.render().text == "new"
    folder.write("models/m.sql", body)
    assert folder.render().text == "all"


def test_text_without_jinja_is_left_alone(folder):
    folder.write("models/m.sql", "/*---\n---\n*/\nselect '{' || '}' as a -- { { % }\n")
    file, header = folder.file("models/m.sql"), folder.header("models/m.sql")
    assert not has_jinja(file, header)
    rendered = folder.renderer().render(file, header, folder.findings)
    assert (rendered.text, rendered.jinja) == ("select '{' || '}' as a -- { { % }\n", False)
    span = folder.renderer().places(file, header, rendered)(0, 6)
    assert folder.text(span) == "select"


def test_python_is_never_given_to_jinja(folder):
    folder.write("python_tasks/p.py", '"""---\n---\n"""\nx = f"{{x}}"\ndef main(session, run): ...\n')
    assert not folder.render("python_tasks/p.py").jinja


def test_vars_are_copies(folder):
    folder.write("models/a.sql", "{% set d = var('days') %}{% do d.append(4) %}{{ d }}")
    folder.write("models/b.sql", "{{ var('days') }}")
    renderer = folder.renderer()
    texts = [
        renderer.render(folder.file(path), folder.header(path), folder.findings).text
        for path in ("models/a.sql", "models/b.sql")
    ]
    assert texts == ["[1, 2, 3, 4]", "[1, 2, 3]"]


@pytest.mark.parametrize(
    ("body", "code", "marked"),
    [
        ("x {{ foo }}", "NEVE202", "foo"),
        ("{% if foo %}x{% endif %}", "NEVE202", "foo"),
        ("{% if false %}{% elif 1 + foo %}x{% endif %}", "NEVE202", "foo"),
        ("{% for x in foo %}x{% endfor %}", "NEVE202", "foo"),
        ("{% for x in [1] %}{{ x }}\n{{ foo }}{% endfor %}", "NEVE202", "foo"),
        ("{% set a = foo %}{{ a }}", "NEVE202", "foo"),
        ("{{ 'foo' ~ (1 + foo) }}", "NEVE202", "foo"),
        ("{{ cents(foo) }}", "NEVE202", "foo"),
        ("{{ target.nam }}", "NEVE202", "nam"),
        ("{{ target['nam'] }}", "NEVE202", "nam"),
        ("{{ var('start_dat') }}", "NEVE203", "'start_dat'"),
        ("{{ var('start_date') ~ var('x') }}", "NEVE203", "'x'"),
        ("a\n{{ 1 / 0 }}\nb", "NEVE204", "{{ 1 / 0 }}"),
        ("{{ cents }}", "NEVE204", "{{ cents }}"),
        ("{{ cents(1, 2) }}", "NEVE204", "{{ cents(1, 2) }}"),
        ("{{ ref(foo) }}", "NEVE202", "foo"),
        ("{{ config(foo) }}", "NEVE202", "foo"),
        ("{{ config(tags=foo) }}", "NEVE202", "foo"),
        ("{{ ref() }}", "NEVE204", "ref"),
        ("{{ source('a') }}", "NEVE204", "source"),
        ("{{ ''.__class__ }}", "NEVE204", "{{ ''.__class__ }}"),
        ("{% include 'a' %}", "NEVE204", "{% include 'a' %}"),
        ("{{ exceptions.raise_compiler_error('no') }}", "NEVE204", "{{ exceptions.raise_compiler_error('no') }}"),
        ("{{ config(materialised='table') }}", "NEVE103", "materialised"),
        ("{{ config(materialized='tabel') }}", "NEVE104", "'tabel'"),
        ("{{ config(packages=['a']) }}", "NEVE113", "packages"),
        ("{{ config(tags=cents) }}", "NEVE204", "config"),
        ("{% for x in [1] %}{% if x %}{% endfor %}", "NEVE201", "endfor"),
        ("a {% for x in [1] %} b", "NEVE201", "{% for x in [1] %}"),
        ("a {% set x %} b", "NEVE201", "{% set x %}"),
        ("{% fro x in [1] %}", "NEVE201", "fro"),
        ("{{ 1 | uper }}", "NEVE201", "uper"),
        ("{{ 1 is od }}", "NEVE201", "od"),
        ("{{ 1 + }}", "NEVE201", "}}"),
        ("{{ 'x' }", "NEVE201", "}"),
        ("{# x", "NEVE201", "{#"),
        ("{{ 'a' * 9999999 }}", "NEVE206", "{{ 'a' * 9999999 }}"),
        ("{{ 9 ** 99999 }}", "NEVE206", "{{ 9 ** 99999 }}"),
        ("{% for i in range(9999999) %}x{% endfor %}", "NEVE206", "range"),
        ("{% macro r() %}{{ r() }}{% endmacro %}{{ r() }}", "NEVE206", "{{ r() }}"),
        ("{{ " + "(" * 2000 + ")" * 2000 + " }}", "NEVE206", None),
        ("{% for i in [1] %}" * 25 + "{% endfor %}" * 25, "NEVE206", None),
    ],
)
def test_a_mistake_has_its_place(folder, body, code, marked):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/m.sql", f"/*---\ntags: é𝄞\n---\n*/\n{body}")
    assert folder.render() is None
    assert [(said[0], said[2] if marked else None) for said in folder.said()] == [(code, marked)]


def test_a_mistake_in_a_macro_is_shown_there_and_where_it_was_called(folder):
    folder.write("macros/m.sql", "{% macro a(x) %}{{ b(x) }}{% endmacro %}\n{% macro b(y) %}{{ yy }}{% endmacro %}")
    folder.write("models/m.sql", "select {{ a(1) }}")
    folder.render()
    (found,) = folder.findings
    assert (found.span.path, folder.text(found.span)) == ("macros/m.sql", "yy")
    assert [folder.text(related.span) for related in found.related] == ["{{ b(x) }}", "{{ a(1) }}"]
    assert found.hint == "Did you mean `y`?"


def test_macros_are_checked_though_nothing_calls_them(folder):
    folder.write("macros/a.sql", "{% macro x() %}{% endmacro %}")
    folder.write("macros/b.sql", "{% macro x() %}{% endmacro %}")
    folder.write("macros/c.sql", "{% macro y() %}")
    folder.renderer()
    assert folder.said() == [
        ("NEVE205", "There are two macros `x`", "x"),
        ("NEVE201", "This `macro` is never closed", "{% macro y() %}"),
    ]


@pytest.mark.parametrize("unsteady", ["lipsum()", "[1, 2] | random", "env_var('HOME')", "run_started_at", "modules"])
def test_nothing_that_differs_from_run_to_run(folder, unsteady):
    folder.write("models/m.sql", f"{{{{ {unsteady} }}}}")
    assert folder.render() is None
