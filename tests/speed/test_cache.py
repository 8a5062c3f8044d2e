"""With a cache the same comes out as without one, whatever happened to the files and to the cache in between."""

import marshal
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neve import reading
from neve.cache import digests, signed
from neve.cache.project import Cache
from neve.compile import compile_project
from neve.diagnostics import json
from neve.discover import reader

PROJECT = """\
name: shop
vars: {since: '2024-01-01', days: 7}
graphs:
  nightly: {schedule: 24 hours, run_schema: 'RUN_{run_id}', config: {threshold: 1}}
defaults:
  graph: nightly
  models/staging: {schema: STAGING, materialized: view}
targets:
  prod: {database: SHOP, schema: JOBS, warehouse: WH}
  dev: {database: DEV, schema: JOBS, vars: {since: '2025-01-01'}}
sources:
  raw: {database: LANDING, tables: {orders: {columns: {id: int, state: text, amount: float}}, clicks: {}}}
"""
INCREMENTAL = """\
{{ config(materialized='incremental', unique_key='id') }}
select id, state from {{ ref('stg_orders') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}){% endif %}
"""
VERSIONS = {
    "project.yml": [
        PROJECT,
        "# a comment moves every place\n" + PROJECT,
        PROJECT.replace("days: 7", "days: 8"),
        PROJECT.replace("SHOP", "STORE").replace("state: text, ", ""),
        PROJECT.replace("schema: STAGING", "data_tests: [nonsense], schema: STG, enabled: false"),
        PROJECT.replace("materialized: view}", "materialized: incremental, data_tests: ['select 1 from orders']}"),
        PROJECT.replace("run_schema: 'RUN_{run_id}', ", "").replace("clicks", "klicks"),
        PROJECT.replace("vars", "wars"),
    ],
    "macros/money.sql": [
        "{% macro units(column) %}({{ column }} / 100){% endmacro %}",
        "{% macro units(column) %}round({{ column }} / 100, {{ var('days') }}){% endmacro %}",
        "{% set seen = [] %}{% macro units(column) %}{% do seen.append(1) %}{{ column }} * {{ seen | length }}{% endmacro %}",  # noqa: E501
        "{% macro units(column) %}{{ column }} +{% endmacro %}",
        "{% macro units(column) %}{{ column }} ) from from{% endmacro %}",
        "{% macro units(column %}",
    ],
    "models/staging/stg_orders.sql": [
        "select id, state, {{ units('amount') }} as amount from raw.orders where day > '{{ var('since') }}'",
        "/*---\ncolumns: [{name: id, data_tests: [unique, not_null]}]\n---\n*/\nselect id, state from raw.orders",
        "select id, stat from orders, clicks",
        "{{ config(schema='other', tags=['a' | escape]) }}select *, {{ units('id') }} as x from {{ source('raw', 'orders') }}",  # noqa: E501
        "select id from",
    ],
    "models/daily.sql": [
        "/*---\nmaterialized: table\n---\nPer day.\n*/\nselect id, count(*) as n from stg_orders group by id",
        INCREMENTAL,
        "/*---\nmaterialized: table\nschema: run\nmaterialised: x\n---\n*/\nselect id, {{ wrong }} from stg_orders",
        "/*---\nmaterialized: ephemeral\n---\n*/\nselect 1 as id, 2 as state",
        "select id, state from STG_ORDERS as é where state = 'ü'",
    ],
    "models/Daily.sql": ["select 1 as id", "select {{ nothing() }}"],
    "models/top.sql": [
        "/*---\nmaterialized: table\n---\n*/\nselect * from daily",
        "select d.id, d.states from daily as d",
        "/*---\nenabled: false\n---\n*/\nselect nonsense from nowhere",
    ],
    "tasks/clean.sql": [
        "/*---\nafter: [top, train]\n---\n*/\ndelete from daily where id = {{ var('days') }}",
        "/*---\nafter: [top]\nwhen: return_value('train') = 'yes'\n---\n*/\nbegin let x := 1; delete from daily; end",
        "/*---\nreads: [daily]\n---\n*/\nnonsense that nobody knows",
        "truncate table daily",
    ],
    "python_tasks/train.py": [
        "from shared import NAME\ndef main(session, run):\n    session.table(NAME)\n    return run.config['threshold']",
        "def main(session, run):\n    session.sql(f\"select * from {run.config['threshold']}\")\n",
        "def main(session):\n    pass\n",
        "x = (\n",
    ],
    "python_tasks/shared.py": ["NAME = 'landing.raw.orders'\n", "NAME = 'top'\n", "NAME = 'nowhere'\n", "NAME = (\n"],
    "seeds/raw.csv": ["id\n1\n"],
    "models/stray.py": ["print(1)\n"],
}
EDITS = st.sampled_from([(path, text) for path, texts in VERSIONS.items() for text in [*texts, None]])
TARGETS = st.sampled_from([("prod", {}), ("dev", {}), ("prod", {"days": 3}), (None, {})])


def write(root, path, text):
    file = root / path
    if text is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def new_project(root):
    for path, texts in VERSIONS.items():
        if path not in {"models/Daily.sql", "models/stray.py"}:
            write(root, path, texts[0])
    return root


def shown(root, result):
    compiled, findings = result
    script = compiled.script.text if compiled and compiled.script else None
    nodes = compiled and {name: node.facts for name, node in compiled.nodes.items()}
    return json.render(findings, reader(root)), script, nodes


def cold(root, target="prod", cli_vars=None):
    return shown(root, compile_project(root, target, cli_vars))


def warm(root, target="prod", cli_vars=None):
    return shown(root, compile_project(root, target, cli_vars, Cache(root)))


def assert_same(root, *how):
    """The first time with what is new, the second time with nothing new."""
    expected = cold(root, *how)
    assert warm(root, *how) == expected
    assert warm(root, *how) == expected


def stored(root):
    return {path: path.read_bytes() for path in sorted((root / ".neve" / "cache").rglob("[!.]*")) if path.is_file()}


def test_the_first_versions_of_all_files_compile(tmp_path):
    found, script, nodes = cold(new_project(tmp_path / "project"))
    assert '"errors": 0' in found
    assert script
    assert set(nodes) == {"stg_orders", "daily", "top", "clean", "train"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=3), TARGETS), min_size=1, max_size=6))
def test_any_edits_give_the_same_with_and_without_a_cache(tmp_path_factory, steps):
    root = new_project(tmp_path_factory.mktemp("project"))
    warm(root)
    for edits, (target, cli_vars) in steps:
        for path, text in edits:
            write(root, path, text)
        assert_same(root, target, cli_vars)


@pytest.mark.parametrize("path", [path for path in VERSIONS if len(VERSIONS[path]) > 1])
def test_each_version_of_each_file_there_and_back(tmp_path, path):
    root = new_project(tmp_path / "project")
    for text in [*VERSIONS[path], None, *reversed(VERSIONS[path])]:
        write(root, path, text)
        assert_same(root)


@pytest.mark.parametrize(
    ("path", "first", "then", "model", "code"),
    [
        pytest.param(
            "project.yml",
            PROJECT.replace("materialized: view", "materialized: ephemeral"),
            PROJECT,
            "select id, id, state from raw.orders",
            "NEVE313",
            id="what holds two columns of a name only as a query",
        ),
        pytest.param(
            "models/staging/stg_orders.sql",
            "select id, state from raw.orders",
            "{{ config(alias='other') }}select id, state from raw.orders",
            None,
            "NEVE311",
            id="a table that is called otherwise",
        ),
    ],
)
def test_columns_that_were_right_are_looked_at_again_when_all_else_changes(tmp_path, path, first, then, model, code):
    root = new_project(tmp_path / "project")
    write(root, "models/daily.sql", "select stg_orders.id, stg_orders.state, 1 as n from {{ ref('stg_orders') }}")
    if model:
        write(root, "models/staging/stg_orders.sql", model)
    write(root, path, first)
    assert code not in warm(root)[0]
    write(root, path, then)
    assert code in cold(root)[0]
    assert_same(root)


def test_nothing_is_read_again_that_did_not_change(tmp_path, monkeypatch):
    root = new_project(tmp_path / "project")
    read = []
    before = reading.Reader.read
    monkeypatch.setattr(reading.Reader, "read", lambda self, file: read.append(file.path) or before(self, file))

    def reads_after(path, text):
        write(root, path, text)
        read.clear()
        warm(root)
        return read

    warm(root)
    assert len(read) == 5
    assert reads_after("models/top.sql", VERSIONS["models/top.sql"][1]) == ["models/top.sql"]
    assert reads_after("macros/money.sql", VERSIONS["macros/money.sql"][1]) == [
        "models/staging/stg_orders.sql",
        "tasks/clean.sql",
    ]
    assert reads_after("python_tasks/shared.py", "NAME = 'top'") == ["python_tasks/train.py"]
    assert reads_after("project.yml", PROJECT.replace("24 hours", "12 hours").replace("clicks: {}", "c: {}")) == []
    assert reads_after("project.yml", VERSIONS["project.yml"][2]) == [
        "models/staging/stg_orders.sql",
        "tasks/clean.sql",
    ]
    assert len(reads_after("project.yml", VERSIONS["project.yml"][4])) == 5


def test_another_compiler_reads_everything_again(tmp_path, monkeypatch):
    root = new_project(tmp_path / "project")
    warm(root)
    monkeypatch.setattr(reading, "compiler", lambda: b"another")
    monkeypatch.setattr(reading.Reader, "read", lambda _self, file: pytest.fail(f"read {file.path}"))
    with pytest.raises(pytest.fail.Exception):
        warm(root)


def test_the_compilers_digest_covers_its_own_text(tmp_path, monkeypatch):
    package = tmp_path / "neve"
    shutil.copytree(Path(digests.__file__).parents[1], package, ignore=shutil.ignore_patterns("local", "__pycache__"))
    monkeypatch.setattr(digests, "__file__", str(package / "cache" / "digests.py"))
    found = [digests.compiler.__wrapped__()]
    for path in ("resolve.py", "check/races.py", "jinja/map.py"):
        with (package / path).open("a") as file:
            file.write("\n")
        found.append(digests.compiler.__wrapped__())
    assert len(set(found)) == 4


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_cache_is_as_good_as_none(tmp_path_factory, data):
    root = new_project(tmp_path_factory.mktemp("project"))
    expected = warm(root)
    for path, whole in stored(root).items():
        at = data.draw(st.integers(0, len(whole) - 1))
        bit = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
        damaged = [whole[:at], whole[:at] + bit + whole[at + 1 :], whole + bit * (at + 1), bit * at, whole[32:], b""]
        path.write_bytes(data.draw(st.sampled_from(damaged)))
    assert warm(root) == expected
    assert warm(root) == expected


def test_what_somebody_else_signed_is_not_even_parsed(tmp_path, monkeypatch):
    root = new_project(tmp_path / "project")
    expected = warm(root)
    foreign = stored(root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "somebody"))
    monkeypatch.setattr(signed.marshal, "loads", lambda _: pytest.fail("parsed a foreign cache"))
    assert all(signed.load(path) is None for path in foreign)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "somebody"))
    assert warm(root) == expected
    assert all(path.read_bytes() != before for path, before in foreign.items())


def test_a_forged_file_is_not_read_though_its_form_is_right(tmp_path):
    root = new_project(tmp_path / "project")
    expected = warm(root)
    for path in stored(root):
        path.write_bytes(bytes(32) + marshal.dumps({b"x": b"y"}))
    assert warm(root) == expected


def test_folders_that_cannot_be_written_cost_nothing_but_time(tmp_path, monkeypatch):
    root = new_project(tmp_path / "project")
    (root / ".neve").write_text("a file where the folder should be")
    assert warm(root) == cold(root)
    (root / ".neve").unlink()
    (tmp_path / "blocked").write_text("no folder either")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "blocked"))
    assert warm(root) == cold(root)
    assert not (root / ".neve").exists()


def test_the_cache_keeps_itself_out_of_git_and_to_its_owner(tmp_path):
    root = new_project(tmp_path / "project")
    warm(root)
    assert (root / ".neve" / "cache" / ".gitignore").read_text() == "*\n"
    assert {path.stat().st_mode & 0o077 for path in stored(root)} == {0}


def test_what_no_file_asks_for_any_more_is_dropped(tmp_path):
    root = new_project(tmp_path / "project")
    for text in VERSIONS["models/top.sql"] * 2:
        write(root, "models/top.sql", text)
        warm(root)
    assert len(Cache(root).load("prod.reads")) == 5


def test_several_compilations_at_once_lose_nothing(tmp_path):
    root = new_project(tmp_path / "project")
    code = "from neve.cli.main import main; main()"
    command = [sys.executable, "-c", code, "compile", "-C", str(root), "-o", "-", "-t"]

    def compile_with_the_command(target):
        return subprocess.run([*command, target], capture_output=True, check=True, timeout=120).stdout.decode()

    with ThreadPoolExecutor(4) as threads:
        scripts = list(threads.map(compile_with_the_command, ["prod", "dev"] * 3))
    assert scripts == [cold(root, "prod")[1], cold(root, "dev")[1]] * 3
    found = {path.parent.name if len(path.name) == 1 else path.name for path in stored(root)}
    assert found == {"dev.columns", "dev.reads", "last", "outcomes", "prod.columns", "prod.reads", "slices"}
