"""What reaches an account, by each way to log in: a stand-in for Snowflake takes the connector's login request."""

import base64
import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from neve.deploy import connections
from neve.deploy.connect import open_account
from neve.deploy.errors import Unreachable
from neve.ir import Target

PASSPHRASE = "open-sesame"


@pytest.fixture(scope="module")
def account():
    """An account that refuses every login, and what it was asked."""
    asked = []

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            asked.append(json.loads(gzip.decompress(body) if packed else body)["data"])
            text = json.dumps({"success": False, "code": "390100", "message": "No.", "data": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def log_in(account, monkeypatch):
    """Log in with these variables of the environment; what the account was asked, and the words of the refusal."""
    monkeypatch.setattr(connections, "_files", dict)
    monkeypatch.setattr(connections, "_default_name", lambda: "default")

    def run(role=None, **environ):
        place = {"HOST": "127.0.0.1", "PORT": account.server_port, "PROTOCOL": "http", "ACCOUNT": "org-acc"}
        given = {f"SNOWFLAKE_{key}": str(value) for key, value in (place | environ).items()}
        monkeypatch.setattr(connections.gather, "__defaults__", (given,))
        account.asked.clear()
        target = Target("prod", "snowflake", "DB", "S", role=role)
        with pytest.raises(Unreachable) as refused, open_account(target, Path()):
            pass
        return account.asked[0], refused.value.message

    return run


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A key pair: the file with the private one, locked with a passphrase, and the public one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path_factory.mktemp("keys") / "snowflake.p8"
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    file.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock))
    return file, private.public_key()


def test_a_password(log_in):
    asked, _ = log_in(USER="me", PASSWORD="secret-word")
    assert (asked["LOGIN_NAME"], asked["PASSWORD"], asked["ACCOUNT_NAME"]) == ("me", "secret-word", "org-acc")


def test_a_key_pair(log_in, key):
    file, public = key
    asked, _ = log_in(USER="me", PRIVATE_KEY_FILE=file, PRIVATE_KEY_PASSPHRASE=PASSPHRASE)
    assert asked["AUTHENTICATOR"] == "SNOWFLAKE_JWT"
    claims = jwt.decode(asked["TOKEN"], public, algorithms=["RS256"])
    assert claims["sub"] == "ORG-ACC.ME"
    assert PASSPHRASE not in json.dumps(asked)


def test_a_key_pair_by_the_names_of_the_snowflake_cli(log_in, key):
    file, public = key
    asked, _ = log_in(USER="me", AUTHENTICATOR="SNOWFLAKE_JWT", PRIVATE_KEY_PATH=file, PRIVATE_KEY_FILE_PWD=PASSPHRASE)
    assert jwt.decode(asked["TOKEN"], public, algorithms=["RS256"])["sub"] == "ORG-ACC.ME"


def test_oauth(log_in, tmp_path):
    (tmp_path / "token").write_text("an-access-token\n")
    for environ in ({"TOKEN": "an-access-token"}, {"TOKEN_FILE_PATH": tmp_path / "token"}):
        asked, _ = log_in(USER="me", AUTHENTICATOR="oauth", **environ)
        assert (asked["AUTHENTICATOR"], asked["TOKEN"]) == ("OAUTH", "an-access-token")


def test_an_access_token_made_for_programs(log_in):
    asked, _ = log_in(USER="me", AUTHENTICATOR="PROGRAMMATIC_ACCESS_TOKEN", TOKEN="a-pat")
    assert (asked["AUTHENTICATOR"], asked["TOKEN"]) == ("PROGRAMMATIC_ACCESS_TOKEN", "a-pat")


def test_workload_identity_needs_no_user(log_in, monkeypatch):
    """As action.yml sets it, with the token that the job was given."""
    claims = {"iss": "https://token.actions.githubusercontent.com", "sub": "repo:o/r:pull_request"}
    monkeypatch.setenv("SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES", "127.0.0.1")
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "x"}, claims)]
    token = ".".join([*(part.rstrip("=") for part in parts), "c2ln"])
    asked, _ = log_in(AUTHENTICATOR="WORKLOAD_IDENTITY", WORKLOAD_IDENTITY_PROVIDER="OIDC", TOKEN=token)
    assert (asked["AUTHENTICATOR"], asked["PROVIDER"], asked["TOKEN"]) == ("WORKLOAD_IDENTITY", "OIDC", token)


def test_a_browser(log_in):
    asked, _ = log_in(USER="me", AUTHENTICATOR="externalbrowser")
    assert asked["AUTHENTICATOR"] == "EXTERNALBROWSER"
    assert "BROWSER_MODE_REDIRECT_PORT" in asked


@pytest.mark.parametrize(
    "environ",
    [
        {"USER": "me", "PASSWORD": "secret-word"},
        {"USER": "me", "AUTHENTICATOR": "oauth", "TOKEN": "secret-word"},
    ],
)
def test_a_refusal_names_the_place_and_keeps_the_secret(log_in, environ):
    _, words = log_in(**environ)
    assert words.startswith("cannot connect to the account of the environment of target 'prod'")
    assert "secret-word" not in words


def test_what_is_no_number_is_told(monkeypatch):
    monkeypatch.setattr(connections, "_files", dict)
    environ = {"SNOWFLAKE_ACCOUNT": "a", "SNOWFLAKE_PORT": "many"}
    with pytest.raises(Unreachable, match="port of the connection is 'many', which is no number"):
        connections.gather("prod", environ)
