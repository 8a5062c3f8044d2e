"""`neve compile` of files that did not change says and leaves the same, and compiles nothing."""

import subprocess
import sys

import pytest

PROJECT = "name: p\ngraphs: {g: {}}\ntargets: {prod: {database: D}, dev: {database: E}}\nvars: {x: 1}\n"
COMMAND = "from neve.cli.main import main; main()"
NO_PASS = "import sys; sys.modules['neve.compile'] = None; " + COMMAND
"""The command, with every pass of the compiler out of reach."""


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / "models").mkdir(parents=True)
    (root / "project.yml").write_text(PROJECT)
    (root / "models" / "a.sql").write_text("/*---\nmaterialized: table\n---\n*/\nselect {{ var('x') }} as x")
    return root


def neve(root, *options, code=COMMAND):
    command = [sys.executable, "-c", code, "compile", "-C", str(root), *options]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=root)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_second_time_no_pass_runs_and_nothing_is_written(project):
    code, wrote, warned = neve(project, "-t", "prod")
    assert (code, wrote[:22]) == (0, "wrote deploy/prod.sql:")
    assert "has neither a schedule nor a trigger" in warned
    script = project / "deploy" / "prod.sql"
    before = script.read_bytes(), script.stat().st_mtime_ns
    again = neve(project, "-t", "prod", code=NO_PASS)
    assert again == (0, wrote.replace("wrote deploy/prod.sql", "deploy/prod.sql is up to date"), warned)
    assert neve(project, "-t", "prod", "--check", code=NO_PASS)[0] == 0
    assert (script.read_bytes(), script.stat().st_mtime_ns) == before


@pytest.mark.parametrize("form", ["json", "sarif", "github", "text"])
def test_errors_are_said_again(project, form):
    (project / "models" / "b.sql").write_text("select * from nowhere, {{ ref('a') }")
    first = neve(project, "-t", "prod", "--format", form)
    assert first[0] == 1
    assert "NEVE2" in first[1] + first[2]
    assert neve(project, "-t", "prod", "--format", form, code=NO_PASS) == first


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("models/a.sql", "select 2 as y"),
        ("models/b.sql", "select 3 as z"),
        ("project.yml", PROJECT.replace("x: 1", "x: 2")),
        ("macros/m.sql", "{% macro m() %}{% endmacro %}"),
        ("seeds/s.csv", ""),
        ("models/wrong.py", ""),
        ("deploy/prod.sql", "-- changed by hand\n"),
    ],
)
def test_whatever_changes_is_seen(project, path, text):
    neve(project, "-t", "prod")
    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text(text)
    assert neve(project, "-t", "prod", code=NO_PASS)[0] == 70  # a pass was wanted
    assert neve(project, "-t", "prod")[0] == 0
    assert "changed by hand" not in (project / "deploy" / "prod.sql").read_text()


def test_other_targets_and_variables_are_other_results(project):
    scripts = [neve(project, "-o", "-", *options)[1] for options in (["-t", "prod"], ["-t", "dev"], ["--vars", "x=5"])]
    assert len(set(scripts)) == 3
    for options, script in zip((["-t", "prod"], ["-t", "dev"], ["--vars", "x=5"]), scripts, strict=True):
        assert neve(project, "-o", "-", *options)[1] == script


def test_a_check_of_an_old_script_still_shows_what_differs(project):
    neve(project, "-t", "prod")
    (project / "deploy" / "prod.sql").write_text("-- old\n")
    code, shown, said = neve(project, "-t", "prod", "--check")
    assert code == 1
    assert "-- old" in shown
    assert "not up to date" in said
    assert (project / "deploy" / "prod.sql").read_text() == "-- old\n"
