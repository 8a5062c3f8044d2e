"""The order that the Snowflake CLI documents: the connection's own environment, the files, the common environment."""

import json
import os
import subprocess
import sys

import pytest

from neve.deploy import connections
from neve.deploy.connect import account_arguments
from neve.deploy.connections import gather, same_account
from neve.deploy.errors import Unreachable
from neve.ir import Target

FILED = {"prod": {"account": "org-filed", "user": "filed", "password": "filed", "private_key_path": "key.p8"}}


@pytest.fixture(autouse=True)
def files(monkeypatch):
    monkeypatch.setattr(connections, "_files", lambda: FILED)
    monkeypatch.setattr(connections, "_default_name", lambda: "default")


def test_a_connection_comes_from_the_files():
    assert gather("prod", {}) == {
        "account": "org-filed", "user": "filed", "password": "filed", "private_key_file": "key.p8",
    }  # fmt: skip


def test_its_own_environment_is_stronger_than_the_files_and_these_than_the_common_one():
    environ = {
        "SNOWFLAKE_CONNECTIONS_PROD_PASSWORD": "own",
        "SNOWFLAKE_USER": "common",
        "SNOWFLAKE_PASSWORD": "common",
        "SNOWFLAKE_WAREHOUSE": "common",
    }
    found = gather("prod", environ)
    assert (found["password"], found["user"], found["warehouse"]) == ("own", "filed", "common")


def test_the_environment_alone_makes_a_connection():
    environ = {"SNOWFLAKE_ACCOUNT": "org-a", "SNOWFLAKE_USER": "me", "SNOWFLAKE_PORT": "443"}
    assert gather("ci", environ) == {"account": "org-a", "user": "me", "port": 443}
    own = {"SNOWFLAKE_CONNECTIONS_CI_ACCOUNT": "org-b", "SNOWFLAKE_CONNECTIONS_CI_AUTHENTICATOR": "WORKLOAD_IDENTITY"}
    assert gather("ci", own) == {"account": "org-b", "authenticator": "WORKLOAD_IDENTITY"}


def test_a_private_key_may_have_its_passphrase_in_the_environment():
    found = gather("prod", {"PRIVATE_KEY_PASSPHRASE": "no", "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "yes"})
    assert found["private_key_file_pwd"] == "yes"
    assert "private_key_passphrase" not in found


def test_a_token_may_stand_in_a_file(tmp_path):
    (tmp_path / "token").write_text("abc\n")
    found = gather("prod", {"SNOWFLAKE_TOKEN_FILE_PATH": str(tmp_path / "token")})
    assert found["token"] == "abc"
    with pytest.raises(Unreachable, match="cannot read the token file"):
        gather("prod", {"SNOWFLAKE_TOKEN_FILE_PATH": str(tmp_path / "missing")})


def test_an_unknown_connection_is_told_with_the_known_ones():
    with pytest.raises(Unreachable, match="there is no connection 'nope'; known are: prod") as error:
        gather("nope", {})
    assert "connections.toml" in error.value.hint


@pytest.mark.parametrize(
    ("one", "other"),
    [("org-acc", "ORG-ACC"), ("org_acc", "org-acc"), ("xy1.eu-central-1", "xy1"), ("a.snowflakecomputing.com", "a")],
)
def test_spellings_of_one_account(one, other):
    assert same_account(one, other)


def test_a_target_refuses_another_account_than_its_own(monkeypatch):
    target = Target("prod", "snowflake", "DB", "S", connection="prod", account="org-other", role="DEPLOYER")
    with pytest.raises(Unreachable, match=r"is for account 'org-other', but connection 'prod' .* leads to 'org-filed'"):
        account_arguments(target)
    mine = Target("prod", "snowflake", "DB", "S", connection="prod", account="ORG_FILED", role="DEPLOYER")
    assert account_arguments(mine)["role"] == "DEPLOYER"


def test_snowflakes_own_files_are_read(tmp_path):
    """connections.toml below SNOWFLAKE_HOME, as the connector and the Snowflake CLI read it."""
    file = tmp_path / "connections.toml"
    file.write_text('[prod]\naccount = "org-acc"\nuser = "from_file"\npassword = "x"\n')
    file.chmod(0o600)
    code = "import json; from neve.deploy.connections import gather; print(json.dumps(gather('prod', {})))"
    environ = {**os.environ, "SNOWFLAKE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["user"] == "from_file"
