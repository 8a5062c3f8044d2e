"""Files of stages over HTTP, as version 5 of the connector asks for them: a bucket with a token."""

import json
import urllib.error
import urllib.request

import pytest

pytestmark = pytest.mark.engine
AGENT = "PythonConnector/5.2.0 (linux-x86_64) CPython/3.11"


@pytest.fixture(scope="module")
def session(engine):
    session = engine.open_session()
    session.execute("create database files")
    session.execute("create stage st")
    return session


def ask(engine, session, sql, agent=AGENT):
    """What the protocol answers to a statement."""
    headers = {"Authorization": f'Snowflake Token="{session.token}"', "User-Agent": agent}
    body = json.dumps({"sqlText": sql}).encode()
    url = "http://{}:{}/queries/v1/query-request".format(*engine.address)
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)["data"]


@pytest.fixture
def send(engine, session):
    """One request for a file of the stage; its status, its headers, its body."""
    info = ask(engine, session, "put file:///tmp/a.csv @st/in")["stageInfo"]

    def run(method, name, body=None, token=info["creds"]["GCS_ACCESS_TOKEN"], **headers):
        headers = {"Authorization": f"Bearer {token}", **{key.replace("_", "-"): h for key, h in headers.items()}}
        url = f"{info['endPoint']}/{info['location']}{name}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    return run


def test_connector_4_is_told_the_folder_itself(engine, session):
    told = ask(engine, session, "put file:///tmp/a.csv @st", "PythonConnector/4.8.1 (Linux)")
    assert told["stageInfo"]["locationType"] == "LOCAL_FS"


def test_a_file_is_written_listed_and_read(session, send):
    assert send("HEAD", "a%20b.csv")[0] == 404
    assert send("PUT", "a%20b.csv", b"1,x\n")[0] == 200
    status, headers, _ = send("HEAD", "a%20b.csv")
    assert (status, headers["Content-Length"]) == (200, "4")
    assert send("GET", "a%20b.csv")[2] == b"1,x\n"
    assert session.execute("list @st/in").rows[0][:2] == ("st/in/a b.csv", 4)


def test_a_file_appears_when_all_its_parts_are_there(session, send):
    status, headers, _ = send("POST", "large", b"", x_goog_resumable="start")
    assert (status, headers["Location"][-9:]) == (201, "/in/large")
    assert send("PUT", "large", b"abc", Content_Range="bytes 0-2/5")[0] == 308
    assert session.execute("list @st/in/large").rows == []
    assert send("PUT", "large", b"de", Content_Range="bytes 3-4/5")[0] == 200
    assert send("GET", "large")[2] == b"abcde"


def test_a_range_is_read(send):
    send("PUT", "range", b"abcde")
    status, headers, body = send("GET", "range", Range="bytes=1-2")
    assert (status, headers["Content-Range"], body) == (206, "bytes 1-2/5", b"bc")
    assert send("GET", "range", Range="bytes=9-")[0] == 416


@pytest.mark.parametrize("token", ["", "guess"])
def test_a_token_is_needed(send, token):
    send("PUT", "secret", b"x")
    assert send("GET", "secret", token=token)[0] == 401
    assert send("PUT", "secret", b"y", token=token)[0] == 401


def test_nothing_outside_of_the_stages_is_read_or_written(engine, send):
    (engine.state / "outside").write_text("x")
    for path in ("../../../outside", "%2e%2e/%2e%2e/%2e%2e/outside"):
        assert send("GET", path)[0] == 404
        assert send("PUT", path, b"y")[0] == 404
    assert (engine.state / "outside").read_text() == "x"
