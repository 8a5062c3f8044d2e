"""The code of Python tasks: what runs in the procedure, and the way back from its lines."""

import sys
import types

import pytest

from neve.compile import compile_project, trace_line
from neve.diagnostics.model import Span
from neve.emit.procedures import code
from neve.emit.text import make_context
from neve.ir import (
    CodeMap,
    GraphSettings,
    Header,
    Node,
    Project,
    Rendered,
    Script,
    ScriptStatement,
    SourceFile,
    Target,
    Value,
)
from neve.nodes import make_node
from neve.parse_python import parse_python

NOWHERE = Span("project.yml")
MAIN = "def main(session, run):\n"


class Session:
    """As much of a Snowpark session as the shim asks for."""

    def __init__(self, values=None, *, outside=False):
        self.values, self.outside, self.used, self.set = values or {}, outside, [], []

    def call(self, name, *arguments):
        if self.outside:
            raise RuntimeError(f"Function {name.upper()} must be called from within a task.")
        if name.lower() == "system$set_return_value":
            self.set.append(arguments[0])
        return self.values.get(name.lower(), {}).get(arguments[0] if arguments else None, "DB.S.G")

    def sql(self, text):
        if self.outside:
            raise RuntimeError("Function SYSTEM$TASK_RUNTIME_INFO must be called from within a task.")
        value = "20240311_010203_456" if "to_char(convert_timezone" in text else "DB.S.G"
        return types.SimpleNamespace(collect=lambda: [[value]])

    def use_schema(self, name):
        self.used.append(name)


def made(text, body=0, helpers=None, run_schema=None, **keys):
    settings = GraphSettings("g", NOWHERE, run_schema=Value(run_schema, NOWHERE) if run_schema else None)
    target = Target("local", "local", "DB", "S")
    project = Project("p", target, ("local",), {}, {"g": settings}, {}, {})
    file = SourceFile("python_tasks/job.py", "python_task", text)
    header = Header({key: Value(value, NOWHERE) for key, value in keys.items()}, "", body)
    modules = {name: SourceFile(f"python_tasks/{name}.py", "helper", one) for name, one in (helpers or {}).items()}
    facts = parse_python(file, header, modules, print)
    node = make_node(project, Node("job", file, header, Rendered(text, jinja=False, config={}), facts), print)
    return code(make_context(project, {"job": node}), node, modules)


def write(root, files):
    project = "name: p\ngraphs: {g: {schedule: manual}}\n"
    for path, text in ({"project.yml": project} | files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def call(text, session, **options):
    namespace = {"__name__": "procedure"}
    exec(compile(made(text, **options).text, "_udf_code.py", "exec"), namespace)
    return namespace["neve_handler"](session)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{'a': [1]}", '{"a": [1]}'),
        ("'x'", "x"),
        ("3", "3"),
        ("True", "True"),
        ("[1, 'b']", '[1, "b"]'),
        ("None", None),
    ],
)
def test_what_main_returns_becomes_the_return_value(value, text):
    session = Session()
    assert call(f"def main(session, run):\n    return {value}\n", session) == text
    assert session.set == ([] if text is None else [text])


def test_a_procedure_can_be_called_by_hand():
    session = Session(outside=True)
    assert call("def main(session, run):\n    return 1\n", session, run_schema="RUN_{run_id}") == "1"
    assert session.used == []


def test_other_errors_are_not_swallowed():
    session = Session()
    session.use_schema = lambda name: 1 / 0
    with pytest.raises(ZeroDivisionError):
        call("def main(session, run):\n    return 1\n", session, run_schema="RUN_{run_id}")


def test_the_session_is_in_the_schema_of_the_run():
    session = Session()
    seen = call("def main(session, run):\n    return run.schema, run.id\n", session, run_schema="Run_{run_id}_x")
    assert session.used == ["DB.RUN_20240311_010203_456_X"]
    assert seen == "('DB.RUN_20240311_010203_456_X', '20240311_010203_456')"


def test_a_schema_of_its_own():
    session = Session()
    call("def main(session, run):\n    pass\n", session, schema="staging")
    assert session.used == ["DB.STAGING"]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("{}", "2024-03-11 01:02:03.456000"),
        ('{"as_of": "2020-01-02 03:04:05"}', "2020-01-02 03:04:05"),
        ('{"as_of": "2020-01-02T03:04:05+02:00"}', "2020-01-02 01:04:05"),
    ],
)
def test_as_of_is_the_configured_time_in_utc_or_the_scheduled_one(config, expected):
    session = Session({"system$get_task_graph_config": {None: config}})
    assert call("def main(session, run):\n    return run.as_of\n", session) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [('{"a": 1}', "{'a': 1}"), ("plain", "plain"), ("None", "None"), ("1.5", "1.5")]
)
def test_returned_values_are_decoded_when_they_are_json(text, expected):
    session = Session({"system$get_predecessor_return_value": {"FIRST": text}})
    assert call('def main(session, run):\n    return str(run.returned("first"))\n', session) == expected


def test_helpers_of_other_folders_can_be_imported_by_their_names(tmp_path):
    write(
        tmp_path,
        {
            "python_tasks/lib/shared.py": "from units import CENTS\n\n\ndef euro(x):\n    return x / CENTS\n",
            "python_tasks/units.py": "CENTS = 100\n",
            "python_tasks/reports/job.py": f"from shared import euro\n\n\n{MAIN}    return euro(250)\n",
        },
    )
    compiled, findings = compile_project(tmp_path)
    assert not list(findings)
    (procedure,) = (s.sql for s in compiled.script.statements if s.kind == "procedure")
    namespace = {"__name__": "procedure"}
    exec(procedure.split("$$")[1], namespace)
    assert namespace["neve_handler"](Session()) == "2.5"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("from lib.shared import euro", "from shared import ..."),
        ("import lib.shared", "import shared"),
        ("from lib import shared", "import shared"),
        ("from . import shared", "import shared"),
        ("from .shared import euro", "from shared import ..."),
        ("from python_tasks.lib.shared import euro", "from shared import ..."),
        ("import other", "Move what both need"),
        ("from other import main", "Move what both need"),
    ],
)
def test_imports_that_no_procedure_can_have_are_refused(tmp_path, line, hint):
    write(
        tmp_path,
        {
            "python_tasks/lib/shared.py": "def euro(x):\n    return x / 100\n",
            "python_tasks/lib/other.py": "def main(session, run):\n    pass\n",
            "python_tasks/job.py": f"import json\n{line}\n\n\ndef main(session, run):\n    pass\n",
        },
    )
    _, findings = compile_project(tmp_path)
    (found,) = findings
    assert (found.code, found.span.path) == ("NEVE215", "python_tasks/job.py")
    assert (tmp_path / found.span.path).read_text()[found.span.start : found.span.end] == line
    assert hint in found.hint


def test_a_task_may_be_called_like_a_package_that_others_import(tmp_path):
    task = f'"""---\npackages: [xgboost-cpu]\n---\n"""\nimport xgboost\nimport json\n\n\n{MAIN}    pass\n'
    write(tmp_path, {f"python_tasks/{name}.py": task for name in ("xgboost", "json", "train")})
    assert [found.code for found in compile_project(tmp_path)[1]] == []


def test_helpers_can_be_imported_and_keep_their_own_lines():
    helpers = {
        "inner": "def fail():\n    raise ValueError('x')\n",
        "outer": 'import inner\nQUOTES = """a\'\'\'\\n"""\n',
    }
    text = "import outer\n\n\ndef main(session, run):\n    outer.inner.fail()\n"
    with pytest.raises(ValueError, match="x") as caught:
        call(text, Session(), helpers=helpers)
    assert [(e.path.name if hasattr(e.path, "name") else e.path, e.lineno + 1) for e in caught.traceback][-1] == (
        "python_tasks/inner.py",
        2,
    )
    for name in helpers:
        del sys.modules[name]


def test_future_imports_come_first():
    text = (
        '"""---\n---\nX\n"""\nfrom __future__ import annotations\n\n\ndef main(session: Nothing, run):\n    return 1\n'
    )
    assert call(text, Session(), body=text.index("from"), helpers={}) == "1"


def test_a_line_of_the_procedure_leads_to_the_users_line():
    text = '"""---\n---\nDoc.\n"""\n\nimport helper\n\n\ndef main(session, run):\n    raise KeyError("x")\n'
    written = made(text, body=text.index("\n\nimport"), helpers={"helper": "A = 1\n"})
    line = next(i for i, one in enumerate(written.text.split("\n"), 1) if "raise KeyError" in one)
    statement = ScriptStatement("procedure", "DB.S.G$JOB()", "", "python_tasks/job.py", code_map=written.code_map)
    script = Script((statement,), "")
    assert trace_line(script, "DB.S.G$JOB", line) == ("python_tasks/job.py", 10)
    assert trace_line(script, "DB.S.G$JOB", 1) is None
    assert trace_line(script, "DB.S.OTHER", line) is None
    assert all(isinstance(part, CodeMap) for part in written.code_map)
