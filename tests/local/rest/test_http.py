"""What a request gets that snowflake.core would not send."""

import http.client
import json

import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
def ask(engine, connection, schema):
    """Sends a request; gives status and body."""

    def send(method, path, body=None, token=connection.rest.token):
        server = http.client.HTTPConnection(*engine.address, timeout=20)
        text = body if isinstance(body, str | None) else json.dumps(body)
        path = path.replace("TASKS", f"/api/v2/databases/d/schemas/{schema.name}/tasks")
        server.request(method, path, text, {"Authorization": f'Snowflake Token="{token}"'})
        answer = server.getresponse()
        told = answer.status, json.loads(answer.read())
        server.close()
        return told

    return send


def test_nobody_is_answered_without_a_session(ask):
    status, body = ask("GET", "TASKS", token="forged")
    assert (status, body["code"]) == (401, "390111")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v2/compute-pools"), ("PUT", "TASKS"), ("GET", "TASKS/t:get-tags")]
)
def test_what_is_not_there_says_so(ask, method, path):
    status, body = ask(method, path)
    assert status == 501
    assert "does not answer" in body["message"]


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("TASKS", "{", "the body is no JSON"),
        ("TASKS", [], "the body is not a task"),
        ("TASKS", {"name": "t", "definition": "select 1", "colour": 1}, "no property colour of a task"),
        ("TASKS", {"definition": "select 1"}, "Invalid identifier"),
        ("TASKS", {"name": "t"}, "syntax error"),
        ("TASKS", {"name": "t", "definition": "select 1", "user_task_timeout_ms": "soon"}, "USER_TASK_TIMEOUT_MS"),
        ("TASKS?createMode=maybe", {"name": "t", "definition": "select 1"}, "createMode is 'maybe'"),
        ("TASKS/a.b:resume", None, "'a.b' is not one identifier"),
    ],
)
def test_bad_requests(ask, path, body, words):
    status, told = ask("POST", path, body)
    assert (status, words in told["message"]) == (400, True), told


def test_limits_are_numbers(ask):
    assert ask("GET", "TASKS?showLimit=many")[0] == 400


def test_the_deprecated_spelling_of_the_graph_functions(ask):
    ask("POST", "TASKS", {"name": "t", "definition": "select 1"})
    assert ask("GET", "TASKS/t/complete_graphs") == ask("GET", "TASKS/t/complete-graphs") == (200, [])
    assert ask("GET", "TASKS/t/current_graphs") == (200, [])


def test_status_texts_are_those_of_the_statements(ask):
    made = ask("POST", "TASKS", {"name": "t", "definition": "select 1"})
    assert made == (200, {"status": "Task T successfully created."})
    assert ask("POST", "TASKS/t:execute?asyncExec=true&retryLast=false")[1]["status"].startswith("Task ")
