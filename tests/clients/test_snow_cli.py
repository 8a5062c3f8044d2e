"""The Snowflake CLI, which has dependencies of its own: run from an environment of its own.

The one on the path, or the one that NEVE_SNOW names: the program `snow` of an environment that has `snowflake-cli`.
"""

import json
import os
import shutil
import subprocess

import pytest

SNOW = os.environ.get("NEVE_SNOW") or shutil.which("snow")
pytestmark = [pytest.mark.engine, pytest.mark.skipif(not SNOW, reason="the Snowflake CLI is not here: see NEVE_SNOW")]


@pytest.fixture(scope="module")
def snow(arguments, tmp_path_factory):
    """Runs `snow …` with a configuration whose only connection is the engine's; what it says, read from JSON."""
    home = tmp_path_factory.mktemp("snow")
    lines = [f"{key} = {json.dumps(value)}" for key, value in arguments.items()]
    config = home / "config.toml"
    config.write_text("\n".join(['default_connection_name = "laptop"', "[connections.laptop]", *lines,
                                 'database = "CLI"', 'schema = "PUBLIC"']))  # fmt: skip
    config.chmod(0o600)
    environment = {**os.environ, "SNOWFLAKE_HOME": str(home)}

    def run(*words):
        command = [SNOW, *words, "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    run("object", "create", "database", "name=cli")
    return run


def test_the_connection_is_good(snow):
    assert snow("connection", "test")["Status"] == "OK"


def test_statements_and_files_are_run(snow, tmp_path):
    assert snow("sql", "-q", "select 1 as a, 'x' as b") == [{"A": 1, "B": "x"}]
    (tmp_path / "script.sql").write_text(
        "create table t (n int);\ninsert into t values (1), (2);\n"
        "EXECUTE IMMEDIATE $$\nbegin\n  let x int := 1;\n  return x;\nend;\n$$;\nselect sum(n) as s from t;\n"
    )
    assert snow("sql", "-f", str(tmp_path / "script.sql"))[-1] == [{"S": 3}]


def test_objects_are_listed_and_described(snow):
    snow("sql", "-q", "create or replace table listed (n int); create or replace task k as select 1")
    assert "LISTED" in [row["name"] for row in snow("object", "list", "table")]
    assert [row["name"] for row in snow("object", "list", "task")] == ["K"]
    assert [row["name"] for row in snow("object", "describe", "table", "listed")] == ["N"]
    for kind in ("function", "warehouse"):
        snow("object", "list", kind)


def test_files_go_to_stages_and_back(snow, tmp_path):
    (tmp_path / "a.csv").write_text("1,x\n")
    snow("stage", "create", "st")
    assert snow("stage", "copy", str(tmp_path / "a.csv"), "@st")[0]["status"] == "UPLOADED"
    assert [row["name"] for row in snow("stage", "list-files", "@st")] == ["st/a.csv"]
    (tmp_path / "back").mkdir()
    snow("stage", "copy", "@st", str(tmp_path / "back"))
    assert (tmp_path / "back" / "a.csv").read_text() == "1,x\n"
    snow("stage", "remove", "@st", "a.csv")
    snow("stage", "drop", "st")


def test_files_of_a_stage_are_executed(snow, tmp_path):
    (tmp_path / "1.sql").write_text("create table executed (n int, w varchar);\n")
    (tmp_path / "2.sql").write_text("insert into executed values (1, '{{ what }}');\n")
    snow("stage", "create", "scripts")
    for name in ("1.sql", "2.sql"):
        snow("stage", "copy", str(tmp_path / name), "@scripts")
    done = snow("stage", "execute", "@scripts", "-D", "what='x'")
    assert [row["Status"] for row in done] == ["SUCCESS", "SUCCESS"]
    assert snow("sql", "-q", "select n, w from executed") == [{"N": 1, "W": "x"}]
