"""Models as dbt projects have them move over unchanged, and what cannot work says why."""

import pytest

from neve.compile import compile_project

ORDERS = """\
{{
    config(
        materialized='incremental',
        unique_key='order_id',
        incremental_strategy='merge',
        tags=['daily', 'finance'],
        snowflake_warehouse='TRANSFORM_WH'
    )
}}

{%- set payment_methods = ['credit_card', 'coupon'] -%}

with payments as (
    select * from {{ ref('stg_payments') }}
    {% if is_incremental() %}
    where loaded_at > (select coalesce(max(loaded_at), '1900-01-01') from {{ this }})
    {% endif %}
)

select
    order_id,
    {% for payment_method in payment_methods -%}
    sum(case when payment_method = '{{ payment_method }}' then {{ cents_to_dollars('amount') }} else 0 end)
        as {{ payment_method }}_amount{{ "," if not loop.last }}
    {% endfor %}
from payments join {{ source('stripe', 'orders') }} using (order_id)
where created_at >= '{{ var("start_date") }}'
group by 1
"""
MACROS = """\
{% macro cents_to_dollars(column_name) -%}
    {{ return(adapter.dispatch('cents_to_dollars', 'shop')(column_name)) }}
{%- endmacro %}

{% macro default__cents_to_dollars(column_name) -%}
    ({{ column_name }} / 100)::numeric(16, 2)
{%- endmacro %}

{% macro columns(prefix) %}
    {% set found = [] %}
    {% for name in ['a', 'b'] %}{% do found.append(prefix ~ name) %}{% endfor %}
    {{ return(found) }}
{% endmacro %}

{% macro snowflake__length(text) %}my_length({{ text }}){% endmacro %}
"""


def test_a_typical_incremental_model(folder):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/orders.sql", ORDERS)
    rendered = folder.render("models/orders.sql")
    assert folder.said() == []
    assert rendered.config == {
        "materialized": "incremental",
        "unique_key": "order_id",
        "incremental_strategy": "merge",
        "tags": ["daily", "finance"],
        "warehouse": "TRANSFORM_WH",
    }
    assert (
        '    where loaded_at > (select coalesce(max(loaded_at), \'1900-01-01\') from "neve"."this"."this")'
        in rendered.text
    )
    assert "then (amount / 100)::numeric(16, 2) else 0 end)" in rendered.text
    assert "as credit_card_amount,\n" in rendered.text
    assert "as coupon_amount\n" in rendered.text
    assert "'2024-01-01'" in rendered.text
    assert '"neve"."this"."this"' not in folder.render("models/orders.sql", incremental=False).text


def test_places_hold_through_dispatch_and_return(folder):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/orders.sql", ORDERS)
    file, header = folder.file("models/orders.sql"), folder.header("models/orders.sql")
    renderer = folder.renderer()
    rendered = renderer.render(file, header, folder.findings)
    place = renderer.places(file, header, rendered)
    at = rendered.text.index("numeric(16")
    assert folder.text(place(at, at + len("numeric"))) == "numeric"
    at = rendered.text.index("group by")
    assert folder.text(place(at, at + len("group by"))) == "group by"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ columns('x_') | join(', ') }}", "x_a, x_b"),
        ("{% for c in columns('') %}{{ c }};{% endfor %}", "a;b;"),
        ("{{ log('x', info=True) }}{{ tojson({'a': 1}) }}", '{"a": 1}'),
        ("{% set j = fromjson('[1, 2]') %}{{ j[1] }}", "2"),
        ("{% for a, b in zip([1], ['x']) %}{{ a }}{{ b }}{% endfor %}", "1x"),
        ("{% if target.name == 'local' %}limit 10{% endif %}", "limit 10"),
        ("{{ target.type }} {{ this.database }}.{{ this.schema }}.{{ this.identifier }}", "snowflake DEMO.JOBS.M"),
        ("{{ config(schema='own', alias='big') }}{{ this.schema }}.{{ this.name }} {{ this.table }}", "OWN.BIG BIG"),
        ("{{ '{:.2f}'.format(1.5) }} {{ 'a,b'.split(',')[1] }}", "1.50 b"),
        ("{{ demo.columns('x') | join }} {{ dbt_utils.columns('y') | join }}", "xaxb yayb"),
        ("{{ project_name }}{{ exceptions.warn('old') }}{{ '1' | as_number }}", "demo1"),
        ("{{ ref('demo', 'orders', v=2) }}", '"neve"."ref"."orders_v2"'),
        ("{{ dbt.date_trunc('day', 'opened_at') }}", "date_trunc('day', opened_at)"),
        ("{{ dbt.dateadd(datepart='hour', interval=-1, from_date_or_timestamp='t') }}", "dateadd(hour, -1, t)"),
        ("{{ dbt.datediff('a', 'b', 'week') }}", "datediff(week, a, b)"),
        ("{{ dbt.hash(dbt.concat(['a', \"'-'\", 'b'])) }}", "md5(cast(a || '-' || b as TEXT))"),
        ("{{ dbt.safe_cast('x', dbt.type_int()) }}", "try_cast(x as INT)"),
        (
            "{{ dbt.safe_cast(1, 'date') }} {{ dbt.safe_cast('x', 'variant') }}",
            "try_cast('1' as date) cast(x as variant)",
        ),
        ("{{ dbt.listagg('x', order_by_clause='order by x') }}", "listagg(x, ',') within group (order by x)"),
        ("{{ dbt.split_part('a', \"'-'\", 1) }} {{ dbt.type_numeric() }}", "split_part(a, '-', 1) numeric(28, 6)"),
        ("{{ dbt.array_construct(['a', 1]) }} {{ dbt.bool_or('x') }}", "array_construct(a, 1) boolor_agg(x)"),
        (
            "{{ dbt.last_day('d', 'month') }}",
            "cast(dateadd(day, -1, dateadd(month, 1, date_trunc('month', d))) as date)",
        ),
        ("{{ dbt.length('mine') }}", "my_length(mine)"),
        ("{{ datediff('a', 'b', 'day') }} {{ type_string() }}", "datediff(day, a, b) TEXT"),
        ("{{ length('mine') }} {{ hash('a') }}", "my_length(mine) md5(cast(a as TEXT))"),
        ("{% set length = 3 %}{{ length }} {{ 'ab' | length }}{{ dateadd is defined }}", "3 2True"),
        ("{{ adapter.dispatch('type_string', 'dbt')() }}", "TEXT"),
        ("{{ adapter.quote('order') }}", '"order"'),
        ("{{ adapter.quote_as_configured(this.schema, 'schema') }}.merge_objects(a)", "JOBS.merge_objects(a)"),
    ],
)
def test_what_macros_do(folder, body, text):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/m.sql", body)
    rendered = folder.render()
    assert folder.said() == []
    assert rendered.text == text


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("{{ env_var('X') }}", "A compilation reads no environment"),
        ("{% if execute %}{% endif %}", "A compilation has no connection"),
        ("{% set r = run_query('select 1') %}", "A compilation has no connection"),
        ("{{ dbt_utils.star(ref('a')) }}", "Copy the macro into macros/"),
        ("{{ dbt.no_such_macro() }}", "Copy the macro into macros/"),
        ("{{ run_started_at }}", "A compilation knows no time"),
        ("{{ load_relation(ref('a')) }}", "A compilation has no connection"),
        ("{{ schema }}", "Write `target.schema`"),
        ("{{ target.user }}", "There are name, database, schema, warehouse, role, type."),
    ],
)
def test_what_needs_more_than_the_files_says_so(folder, body, hint):
    folder.write("models/m.sql", body)
    folder.render()
    (found,) = folder.findings
    assert found.code == "NEVE202"
    assert found.hint.startswith(hint)


def test_what_config_says_counts_as_the_header_does(folder):
    folder.write("models/big.sql", "{{ config(materialized='table', snowflake_warehouse='BIG_WH') }}\nselect 1 as a")
    folder.write("models/off.sql", "{{ config(materialized='table', enabled=false) }}\nselect 1 as a")
    compiled, findings = compile_project(folder.root)
    assert list(findings) == []
    assert list(compiled.nodes) == ["big"]
    (task,) = compiled.graphs["nightly"].tasks
    assert task.options == {"warehouse": "BIG_WH"}


@pytest.mark.parametrize(
    ("newest", "wrong"),
    [("max(at)", []), ("max(t)", ["t"]), ("max(new.at)", []), ("max(new.loaded_at)", ["new.loaded_at"])],
)
def test_a_model_knows_the_columns_of_its_own_table(folder, newest, wrong):
    folder.write("models/raw.sql", "select 1 as id, current_timestamp() as loaded_at")
    new = f"{{% if is_incremental() %}} where loaded_at > (select {newest} from {{{{ this }}}} as new) {{% endif %}}"
    body = f"select id, loaded_at as at from {{{{ ref('raw') }}}} {new}"
    folder.write("models/m.sql", f"{{{{ config(materialized='incremental', unique_key='id') }}}}{body}")
    _, findings = compile_project(folder.root)
    assert [(found.code, folder.text(found.span)) for found in findings] == [("NEVE311", name) for name in wrong]


def test_a_model_that_config_switches_off_is_not_there_for_others(folder):
    folder.write("models/off.sql", "{{ config(enabled=false) }}\nselect 1 as a")
    folder.write("models/uses.sql", "select * from {{ ref('off') }}")
    _, findings = compile_project(folder.root)
    assert [found.code for found in findings] == ["NEVE303"]


def test_a_mistake_in_what_config_says_is_marked_there(folder):
    folder.write("models/m.sql", "{{ config(materialized='table', data_tests=['not_nul']) }}\nselect 1 as a")
    _, findings = compile_project(folder.root)
    (found,) = findings
    assert (found.code, folder.text(found.span)) == ("NEVE310", "['not_nul']")


def test_words_of_dbt_that_have_no_key_say_what_to_do_instead(folder):
    folder.write("models/m.sql", "{{ config(post_hook='grant x', materialised='table', cold_days=3) }}\nselect 1 as a")
    folder.render()
    hints = {folder.text(found.span): found.hint for found in folder.findings}
    assert hints["post_hook"] == "Make it a task of its own in tasks/, with `after:` this model."
    assert hints["materialised"].startswith("Write `materialized`")
    assert hints["cold_days"].startswith("Put a setting of your own below `meta`")


def test_places_of_settings_in_a_dictionary(folder):
    body = """{{ config({'materialized': 'table', "post_hook": ["a", {'b': 1}],
        'data_tests': [{'not_nul': 'a'}]}) }}\nselect 1 as a"""
    folder.write("models/m.sql", body)
    folder.render()
    assert [(code, text) for code, _, text in folder.said()] == [("NEVE103", '"post_hook"')]
    folder.write("models/m.sql", body.replace('"post_hook"', '"meta"').replace("[\"a\", {'b': 1}]", "{'b': 1}"))
    _, findings = compile_project(folder.root)
    assert [(found.code, folder.text(found.span)) for found in findings] == [("NEVE310", "[{'not_nul': 'a'}]")]


def test_a_macro_may_be_called_like_the_project(folder):
    folder.write("macros/m.sql", "{% macro demo() %}1{% endmacro %}")
    folder.write("models/m.sql", "{{ demo() }}")
    assert folder.render().text == "1"


@pytest.mark.parametrize("tag", ["test", "data_test", "snapshot", "materialization", "docs"])
def test_tags_of_dbt_say_what_to_do_instead(folder, tag):
    folder.write("macros/m.sql", f"{{% {tag} x %}}select 1{{% end{tag} %}}")
    folder.write("models/m.sql", "select 1")
    folder.render()
    (found,) = folder.findings
    assert (found.code, folder.text(found.span)) == ("NEVE201", tag)
    assert found.hint
    assert not found.hint.startswith("Did you mean")


def test_what_needs_a_connection_says_so(folder):
    folder.write("models/m.sql", "{{ adapter.get_relation('a', 'b', 'c') }}")
    folder.render()
    assert [(code, text) for code, _, text in folder.said()] == [("NEVE204", "get_relation")]


NAMED = "{% macro named(r) %}select '{{ r.identifier }}' as a from {{ r }}{% endmacro %}"


def test_a_source_has_the_name_of_its_table(folder):
    folder.write("macros/m.sql", NAMED)
    folder.write("models/m.sql", "{{ named(source('raw', 'orders')) }}")
    assert folder.render().text == """select 'ORDERS' as a from "neve"."source"."raw.orders\""""


@pytest.mark.parametrize(
    ("body", "message", "place"),
    [
        ("{{ named(ref('orders')) }}", "The `identifier` of a ref is not known here", "{{ r.identifier }}"),
        (
            "{{ source('raw', 'a').schema }}",
            "The `schema` of a source is not known here",
            "{{ source('raw', 'a').schema }}",
        ),
        ("{{ source('raw', 'a').shema }}", "There is no `shema` in this value", "shema"),
    ],
)
def test_what_other_files_say_of_a_name_is_not_known(folder, body, message, place):
    folder.write("macros/m.sql", NAMED)
    folder.write("models/m.sql", body)
    folder.render()
    ((_, said, text),) = folder.said()
    assert said.startswith(message)
    assert text == place


def test_the_schema_of_a_run_has_no_name_at_compile_time(folder):
    folder.write("models/m.sql", "{{ config(schema='run') }}{{ this.schema }}")
    folder.render()
    ((code, message, _),) = folder.said()
    assert (code, message) == ("NEVE204", "The schema of a run has its name only in the run")


def test_a_file_of_dbts_properties_is_not_passed_over_in_silence(folder):
    folder.write("models/schema.yml", "version: 2\n")
    _, findings = compile_project(folder.root)
    (found,) = findings
    assert (found.code, found.span.path) == ("NEVE116", "models/schema.yml")
    assert "each model's header" in found.hint


def test_ref_names_a_seed_too(folder):
    folder.write("project.yml", folder.read("project.yml") + "sources: {raw: {tables: {raw_orders: }}}\n")
    folder.write("models/orders.sql", "select * from {{ ref('raw_orders') }}")
    compiled, findings = compile_project(folder.root)
    assert list(findings) == []
    assert "from DEMO.RAW.RAW_ORDERS" in compiled.script.text


def test_a_file_of_macros_that_cannot_be_read_is_said_once(folder):
    broken = "{% macro one() %}1{% endmacro %}{%- macro default__two(a %}2{% endmacro %}"
    folder.write("macros/m.sql", broken)
    folder.write("macros/n.sql", "{% macro two() %}{{ return(adapter.dispatch('two')()) }}{% endmacro %}")
    for number, body in enumerate(["{{ one() }}", "{{ dbt_utils.one() }}", "{{ two() }}", "{{ three() }}"]):
        folder.write(f"models/m{number}.sql", f"select {body} as a")
    _, findings = compile_project(folder.root)
    assert [(found.code, found.span.path) for found in findings] == [
        ("NEVE201", "macros/m.sql"),
        ("NEVE202", "models/m3.sql"),
    ]
