"""Places in rendered text lead to the user's files, to the character, through macros and loops."""

import os
import random

import pytest

GENERATED = int(os.environ.get("NEVE_FUZZ", "400"))
MACROS = """\
{% macro cents(column) %}({{ column }} / 100){% endmacro %}
{% macro wrapped(column) -%}
  coalesce({{ cents(column) }}, zero)
{%- endmacro %}
{% macro block() %}<{{ caller() }}>{% endmacro %}
"""


def places(folder, body):
    folder.write("macros/m.sql", MACROS)
    folder.write("models/m.sql", f"/*---\ntags: é𝄞\n---\n*/\n{body}")
    file, header = folder.file("models/m.sql"), folder.header("models/m.sql")
    renderer = folder.renderer()
    rendered = renderer.render(file, header, folder.findings)
    assert rendered is not None, folder.said()
    return rendered.text, renderer.places(file, header, rendered)


@pytest.mark.parametrize(
    ("body", "planted", "path", "marked"),
    [
        ("select {{ 1 }}, wrong from t", "wrong", "models/m.sql", "wrong"),
        ("{% for x in [1, 2] %}\n  wrong{{ x }},\n{% endfor %}", "wrong", "models/m.sql", "wrong"),
        ("{% for x in ['wrong', 'b'] %}{{ x }},{% endfor %}", "wrong", "models/m.sql", "{{ x }}"),
        ("{{ wrapped('wrong') }}", "wrong", "macros/m.sql", "{{ column }}"),
        ("{{ wrapped('a') }}", "zero", "macros/m.sql", "zero"),
        ("{{ wrapped('a') }}", "100), zero", "macros/m.sql", "{{ cents(column) }}, zero"),
        ("a {{ cents('b') }} c", "a (b / 100) c", "models/m.sql", "a {{ cents('b') }} c"),
        ("{% call block() %}wrong{% endcall %}", "wrong", "models/m.sql", "wrong"),
        ("{% set s %}wrong{% endset %}x {{ s }}", "wrong", "models/m.sql", "wrong"),
        ("{% filter upper %}wrong{% endfilter %} b", "WRONG", "models/m.sql", "wrong"),
        ("{{ wrapped('a') | length }} wrong", "wrong", "models/m.sql", "wrong"),
        ("{{ cents(' wrong ') | trim }}", "wrong", "macros/m.sql", "{{ column }}"),
        ("{{ cents('b') | replace('100', 'wrong') }}", "wrong", None, None),
        ("{{ ref('nothing') }} n", '"neve"."ref"."nothing"', "models/m.sql", "{{ ref('nothing') }}"),
        ("{% raw %}{{ wrong }}{% endraw %}{{ 1 }}", "{{ wrong }}", "models/m.sql", "{{ wrong }}"),
        ("{%- if true -%}   wrong   {%- endif -%}", "wrong", "models/m.sql", "wrong"),
    ],
)
def test_the_place_is_the_planted_one(folder, body, planted, path, marked):
    text, place = places(folder, body)
    start = text.index(planted)
    span = place(start, start + len(planted))
    if path:
        assert (span.path, folder.text(span)) == (path, marked)
    else:
        assert folder.text(span) in {"100", " / 100)", "{{ cents('b') | replace('100', 'wrong') }}"}


FORMS = (
    " w{n} ",
    " x{n}\n",
    "{{{{ wrapped('c{n}') }}}}",
    "{{% for i in [1, 2] %}}{body}{{% endfor %}}",
    "{{%- if true -%}} {body} {{%- endif %}}",
    "{{% if false %}}{body}{{% else %}}{body}{{% endif %}}",
    "{{% set s %}}{body}{{% endset %}}{{{{ s }}}}",
    "{{% set s %}}{body}{{% endset %}}{{{{ s | trim }}}}",
    "{{% call block() %}}{body}{{% endcall %}}",
    "{{# {n} #}}",
    "{{% filter upper %}}{body}{{% endfilter %}}",
    "{{% filter indent(2, true) %}}{body}{{% endfilter %}}",
    "{{% raw %}}{{{{ w{n} }}}}{{% endraw %}}",
)


def generated(chance, depth=0):
    """A template of literal words, macros, loops, conditions and filters, nested at random."""
    if depth == 4:
        return f" d{chance.randrange(1000)} "
    forms = chance.choices(FORMS, k=chance.randrange(1, 4))
    return "".join(form.format(n=chance.randrange(1000), body=generated(chance, depth + 1)) for form in forms)


def test_maps_hold_on_generated_templates(folder):
    """Each character of the result is the one at its place, or comes out of the `{{ }}` or filter at its place."""
    folder.write("macros/m.sql", MACROS)
    renderer = folder.renderer()
    header = None
    exact = 0
    for seed in range(GENERATED):
        chance = random.Random(seed)
        folder.write("models/m.sql", generated(chance))
        file = folder.file("models/m.sql")
        header = header or folder.header("models/m.sql")
        rendered = renderer.render(file, header, folder.findings)
        assert rendered is not None, (file.text, folder.said())
        place = renderer.places(file, header, rendered)
        texts = {"models/m.sql": file.text, "macros/m.sql": MACROS}
        for at in chance.sample(range(len(rendered.text)), min(20, len(rendered.text))):
            span = place(at, at + 1)
            source = texts[span.path][span.start : span.end]
            if len(source) == 1:
                exact += 1
                assert source.upper() == rendered.text[at].upper(), (file.text, at)
            else:
                through = source.startswith(("{{", "{% filter", "{% call"))
                assert through or rendered.text[at].upper() in source.upper(), (file.text, at)
    assert exact > 7 * GENERATED
