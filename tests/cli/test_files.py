"""The verbs that need no connection: init, compile, graph, ls, show, explain."""

import json
import shlex

import pytest
from click.testing import CliRunner

from neve.cli.main import main
from neve.diagnostics.codes import CODES


def test_init_makes_a_project_that_compiles(neve):
    assert neve("compile").startswith("wrote ")
    script = (neve.root / "deploy" / "local.sql").read_text()
    assert "CREATE OR ALTER TASK SHOP.PIPELINE.DAILY_ORDERS\n" in script


def test_init_does_not_write_over_a_project(neve):
    result = CliRunner().invoke(main, ["init", str(neve.root)])
    assert result.exit_code == 64
    assert "is there already" in result.stderr


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("shop", "shop"),
        ("My Shop-2", "my_shop_2"),
        ("Bäckerei", "backerei"),
        ("2024", "project_2024"),
        ("店", "project"),
    ],
)
def test_init_names_the_project_after_its_folder(tmp_path, folder, name):
    said = CliRunner().invoke(main, ["init", str(tmp_path / folder)])
    assert f"name: {name}\n" in (tmp_path / folder / "project.yml").read_text()
    assert shlex.split(said.stdout.splitlines()[-1])[:3] == ["Next:", "cd", str(tmp_path / folder)]
    assert CliRunner().invoke(main, ["compile", "-C", str(tmp_path / folder)]).exit_code == 0


def test_compile_check_tells_a_stale_script_by_a_diff(neve):
    neve("compile")
    neve("compile", "--check")
    neve.edit("models/revenue.sql", "sum(amount)", "max(amount)")
    out = neve("compile", "--check", code=1)
    assert "-select customer, count(*) as orders, sum(amount) as revenue" in out
    assert "+select customer, count(*) as orders, max(amount) as revenue" in out
    assert "not up to date; write it with: neve compile" in neve.stderr


def test_compile_check_tells_a_missing_script(neve):
    neve("compile", "--check", code=1)
    assert "is missing; write it with: neve compile\n" in neve.stderr


def test_compile_check_says_the_command_with_what_it_was_told_itself(neve, tmp_path):
    out = str(tmp_path / "a b.sql")
    neve("compile", "--check", "-t", "local", "--vars", "days=7", "--vars", "name=Ada", "-o", out, code=1)
    command = neve.stderr.rpartition("write it with: neve ")[2]
    assert shlex.split(command) == ["compile", "-t", "local", "-o", out, "--vars", "days=7", "--vars", 'name="Ada"']
    neve(*shlex.split(command))
    neve("compile", "--check", *shlex.split(command)[1:])


def test_compile_writes_where_it_is_told(neve, tmp_path):
    neve("compile", "-o", str(tmp_path / "x.sql"))
    assert neve("compile", "-o", "-") == (tmp_path / "x.sql").read_text()
    assert not (neve.root / "deploy").exists()


def test_a_mistake_is_told_with_its_place_and_nothing_is_written(neve):
    neve.edit("models/revenue.sql", "from {{ source('shop', 'orders') }}", "from ordrs")
    neve("compile", code=1)
    assert " --> models/revenue.sql:7:6\n" in neve.stderr
    assert "Traceback" not in neve.stderr
    assert not (neve.root / "deploy").exists()


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_findings_as_data(neve, form):
    neve.edit("models/revenue.sql", "materialized: table", "materialised: table")
    assert "materialised" in json.dumps(json.loads(neve("compile", "--format", form, code=1)))


def test_findings_as_annotations(neve):
    neve.edit("models/revenue.sql", "materialized: table", "materialised: table")
    assert neve("compile", "--format", "github", code=1).startswith("::error ")


def test_annotations_have_the_path_from_where_neve_was_called(neve, monkeypatch):
    neve.edit("models/revenue.sql", "materialized: table", "materialised: table")
    monkeypatch.chdir(neve.root.parent)
    assert "file=shop/models/revenue.sql,line=" in neve("compile", "--format", "github", code=1)
    sarif = json.loads(neve("compile", "--format", "sarif", code=1))
    (place,) = sarif["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "shop/models/revenue.sql"
    assert place["physicalLocation"]["region"]["startLine"] > 1
    (found,) = json.loads(neve("compile", "--format", "json", code=1))["diagnostics"]
    assert found["location"]["path"] == "models/revenue.sql"


def test_a_folder_without_a_project_is_an_error(tmp_path):
    result = CliRunner().invoke(main, ["compile", "-C", str(tmp_path)])
    assert result.exit_code == 1
    assert "project.yml" in result.stderr


def test_the_project_is_found_from_a_folder_below(neve):
    result = CliRunner().invoke(main, ["ls", "-C", str(neve.root / "models")])
    assert "revenue" in result.stdout


def test_graph_draws_a_tree(neve):
    assert neve("graph") == "daily_orders  (USING CRON 0 0 * * * UTC)\n└─ revenue\n   └─ best_customer\n"


def test_graph_draws_a_mermaid_chart(neve):
    assert neve("graph", "daily_orders", "--format", "mermaid") == (
        'flowchart LR\n  t0(["daily_orders"])\n  t1["revenue"]\n  t2["best_customer"]\n  t0 --> t1\n  t1 --> t2\n'
    )


def test_an_unknown_graph_is_told_with_the_nearest(neve):
    neve("graph", "daily_order", code=64)
    assert "try: neve graph daily_orders" in neve.stderr


def test_ls_and_show(neve):
    assert [node["name"] for node in neve.json("ls")] == ["best_customer", "revenue"]
    assert "models/revenue.sql" in neve("ls")
    shown = neve.json("show", "best_customer")
    assert (shown["depends_on"], shown["kind"], shown["graph"]) == (["revenue"], "python_task", "daily_orders")
    neve("show", "revnue", code=64)
    assert "try: neve show revenue" in neve.stderr


def test_explain_shows_the_page_of_a_code():
    result = CliRunner().invoke(main, ["explain", "neve303"])
    assert result.exit_code == 0
    assert "NEVE303" in result.stdout


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("NEVE999", "neve explain NEVE508, or neve explain"),
        ("NVE204", "neve explain NEVE204, or"),
        ("foo", "neve explain,"),
    ],
)
def test_explain_of_an_unknown_code_names_the_nearest_and_the_list(code, hint):
    result = CliRunner().invoke(main, ["explain", code])
    assert result.exit_code == 64
    assert f"try: {hint}" in result.stderr


def test_explain_alone_lists_the_codes():
    listed = CliRunner().invoke(main, ["explain"]).stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == list(CODES)
    assert "NEVE303  Unknown table" in listed
