"""A canary in every place where a secret can stand: it is seen nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import snowflake.connector

from neve.deploy.connections import GENERIC
from neve.deploy.redact import is_secret

pytestmark = pytest.mark.engine

CANARY = "c4n4ry"
NEVE = str(Path(sys.executable).with_name("neve"))
CONFIG = f"""
[log]
save_logs = true
level = "DEBUG"
path = "%s"

[connections.prod]
password = "{CANARY}-in-the-file"
private_key_file_pwd = "{CANARY}-passphrase"
token = "{CANARY}-token"
oauth_client_secret = "{CANARY}-client"
passcode = "{CANARY}-passcode"
"""
OWN = "SNOWFLAKE_CONNECTIONS_PROD"


class Place:
    """The project of a person whose every secret is a canary. The connector keeps a log, as its config.toml says."""

    def __init__(self, shop, folder):
        self.shop, self.folder, self.logs = shop, folder, folder / "logs"
        (folder / "config.toml").write_text(CONFIG % self.logs)
        (folder / "config.toml").chmod(0o600)
        secrets = {f"SNOWFLAKE_{key.upper()}": f"{CANARY}-{key}" for key in GENERIC if is_secret(key)}
        assert len(secrets) >= 6
        own = {f"{OWN}_PASSWORD": f"{CANARY}-own", "SNOWFLAKE_HOME": str(folder), "NEVE_DEBUG": "1"}
        shop.environ |= secrets | own

    def type(self, *words, code=0, **environ):
        """A verb as it is typed, so that the connector reads its files anew; gives all that it prints."""
        command = [NEVE, *words, "-t", "prod", "-C", str(self.shop.root)]
        given = {**os.environ, **self.shop.environ, **environ}
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def files(self):
        return [file for place in (self.shop.root, self.logs) for file in place.rglob("*") if file.is_file()]


@pytest.fixture(scope="module")
def place(empty, tmp_path_factory):
    empty.engine.listen()
    return Place(empty, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def typed(place):
    """What the verbs print that go to an account."""
    plan = str(place.shop.root / "plan.json")
    said = {
        "debug": place.type("debug"),
        "plan": place.type("plan", "--out", plan),
        "markdown": place.type("plan", "--output", "markdown"),
        "apply": place.type("apply", "--plan", plan),
        "deployments": place.type("deployments", "--output", "json"),
        "wrong password": place.type("debug", code=69, **{f"{OWN}_PASSWORD": f"{CANARY}-wrong"}),
        "no such key": place.type("debug", code=69, **{f"{OWN}_AUTHENTICATOR": "SNOWFLAKE_JWT"}),
        "no such method": place.type("plan", code=69, **{f"{OWN}_AUTHENTICATOR": "NO_SUCH_METHOD"}),
    }
    place.shop.break_view()
    said["failure"] = place.type("apply", "--auto-approve", code=5)
    place.shop.mend_view()
    return said


def test_no_verb_prints_it(typed):
    assert "password=***" in typed["debug"]
    assert [verb for verb, text in typed.items() if CANARY in text] == []


def test_no_file_holds_it(place, typed):
    assert [file for file in place.files() if CANARY.encode() in file.read_bytes()] == []
    assert any("running query" in file.read_text() for file in place.logs.iterdir())


def test_the_account_does_not_get_it(place, typed):
    shop = place.shop
    assert shop.sent
    assert [sql for sql in shop.sent if CANARY in sql] == []
    history = shop.sql("SELECT * FROM SHOP.JOBS.NEVE_DEPLOYMENTS$SHOP$PROD")
    assert history
    assert CANARY not in str(history)


def test_a_log_of_the_connector_is_redacted_whatever_it_tells(place):
    """As when somebody's statement holds the password."""
    code = f"""
from pathlib import Path
from neve.deploy.connect import open_account
from neve.ir import Target
with open_account(Target("prod", "snowflake", "SHOP", "JOBS", connection="prod"), Path()) as account:
    account.execute("select '{CANARY}-own'")
"""
    environ = {**os.environ, **place.shop.environ}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True, timeout=60)
    logs = "".join(file.read_text() for file in place.logs.iterdir())
    assert CANARY not in logs
    assert "select '***'" in logs


def test_a_bug_of_ours_does_not_tell_it(place, monkeypatch):
    def fail(**arguments):
        raise ZeroDivisionError(f"{arguments}")

    monkeypatch.setattr(snowflake.connector, "connect", fail)
    place.shop("plan", code=70)
    assert "ZeroDivisionError" in place.shop.stderr
    assert CANARY not in place.shop.stderr
    crashes = list((place.shop.root / ".neve").glob("crash-*.txt"))
    assert crashes
    assert CANARY not in "".join(crash.read_text() for crash in crashes)
