"""The script sent whole, by other clients than neve, gives what `neve apply --full` gives.

The Snowflake CLI and schemachange are those on the path, or those that NEVE_SNOW and NEVE_SCHEMACHANGE name.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import snowflake.connector

pytestmark = pytest.mark.engine

SNOW = os.environ.get("NEVE_SNOW") or shutil.which("snow")
SCHEMACHANGE = os.environ.get("NEVE_SCHEMACHANGE") or shutil.which("schemachange")
REACH = """
import sys
from functools import partial
import snowflake.connector
host, port, *sys.argv[1:] = sys.argv[1:]
snowflake.connector.connect = partial(snowflake.connector.connect, host=host, port=int(port), protocol="http")
from schemachange.cli import main
main()
"""
"""schemachange with a host of one's own, which its options do not offer."""
needs_snow = pytest.mark.skipif(not SNOW, reason="the Snowflake CLI is not here: see NEVE_SNOW")
needs_schemachange = pytest.mark.skipif(not SCHEMACHANGE, reason="schemachange is not here: see NEVE_SCHEMACHANGE")


@pytest.fixture(scope="module")
def script(empty):
    empty("compile")
    return empty.root / "deploy/prod.sql"


@pytest.fixture(scope="module")
def applied(empty, script):
    """What `neve apply --full` makes."""
    empty.apply("--full")
    return deployed(empty)


@pytest.fixture
def account(empty, applied, tmp_path):
    """An account where nothing is deployed, and a connection `prod` to it in connections.toml."""
    empty.sql("DROP SCHEMA IF EXISTS SHOP.JOBS")
    lines = [f"{key} = {value!r}" for key, value in empty.arguments.items()]
    (tmp_path / "connections.toml").write_text("\n".join(["[prod]", *lines, ""]))
    (tmp_path / "connections.toml").chmod(0o600)
    return empty


def deployed(shop):
    """Tasks, procedures and views; without the comments before a statement, which some clients leave out."""
    procedures = shop.sql("SHOW USER PROCEDURES IN SCHEMA SHOP.JOBS")
    views = [row | {"text": row["text"][row["text"].index("CREATE") :]} for row in shop.sql("SHOW VIEWS IN SHOP.JOBS")]
    return shop.tasks(), [{**row, "created_on": None} for row in [*procedures, *views]]


def run(tmp_path, *command):
    own = {"SNOWFLAKE_HOME": str(tmp_path), "HOME": str(tmp_path), "NO_COLOR": "1"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SNOWFLAKE_", "PYTHONPATH"))}
    return subprocess.run(
        list(map(str, command)), env=kept | own, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )


def assert_same(account, applied):
    assert deployed(account) == applied
    assert account("plan").startswith("Nothing to do")


def test_by_the_connector(account, applied, script):
    with snowflake.connector.connect(**account.arguments) as connection:
        connection.execute_string(script.read_text())
    assert_same(account, applied)


@needs_snow
def test_by_the_snowflake_cli(account, applied, script, tmp_path):
    done = run(tmp_path, SNOW, "sql", "-c", "prod", "--enable-templating", "NONE", "-f", script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same(account, applied)


@needs_snow
def test_without_that_option_the_cli_takes_what_it_knows_for_its_own(account, applied, script, tmp_path):
    done = run(tmp_path, SNOW, "sql", "-c", "prod", "-f", script)
    assert done.returncode != 0 or deployed(account) != applied


@needs_schemachange
def test_by_schemachange(account, applied, script, tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/R__shop.sql").write_text(f"{{% raw %}}\n{script.read_text()}{{% endraw %}}\n")
    done = run(
        tmp_path, Path(SCHEMACHANGE).with_name("python"), "-c", REACH, account.arguments["host"],
        account.arguments["port"], "deploy", "-f", tmp_path / "scripts", "-C", "prod", "-ac",
        "--schemachange-connections-file-path", tmp_path / "connections.toml",
        "-d", "SHOP", "-c", "SHOP.PUBLIC.CHANGE_HISTORY", "--schemachange-create-change-history-table",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same(account, applied)
