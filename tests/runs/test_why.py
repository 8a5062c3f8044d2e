from neve.diagnostics.model import Span
from neve.ir import Compiled, Facts, GraphSettings, Header, Node, Project, Rendered, SourceFile, Target, Task, TaskGraph
from neve.runs.model import Run, TaskRun
from neve.runs.why import explain

PYTHON_ERROR = """Python Interpreter Error:
Traceback (most recent call last):
  File "_udf_code.py", line 240, in neve_handler
    result = main(session, run)
  File "_udf_code.py", line 12, in main
    check(accuracy)
  File "_udf_code.py", line 7, in check
    raise ValueError("too few rows")
ValueError: too few rows
 in function R$TRAIN with handler neve_handler"""


def node(name, path):
    file, rendered = SourceFile(path, "python_task", ""), Rendered("", jinja=False, config={})
    return Node(name, file, Header({}, "", 0), rendered, Facts(), None, "r", None)


def compiled():
    def task(name, *after, path):
        return Task(f"DB.S.R${name}", node(name.lower(), path), tuple(f"DB.S.{a}" for a in after), None, {}, "")

    tasks = (
        task("SPLIT", "R", path="tasks/split.sql"),
        task("TRAIN", "R$SPLIT", path="python_tasks/train.py"),
        task("OTHER", "R", path="tasks/other.sql"),
        task("EVALUATE", "R$TRAIN", path="python_tasks/evaluate.py"),
        task("GOLDEN", "R$EVALUATE", "R$OTHER", path="tasks/golden.sql"),
    )
    root = Task("DB.S.R", None, (), None, {}, "")
    graph = TaskGraph(GraphSettings("r", Span("project.yml")), root, tasks, None)
    target = Target("local", "local", "DB", "S")
    return Compiled(Project("p", target, ("local",), {}, {}, {}, {}), {}, {"r": graph}, None)


def run(*tasks):
    return Run("R", "id", 1, "g", 1, "FAILED", "EXECUTE TASK", None, tasks)


def trace(procedure, line):
    return ("python_tasks/train.py", line + 3) if procedure == "R$TRAIN" and line < 100 else None


def test_a_python_error_is_placed_in_the_users_own_file():
    failed = TaskRun("R$TRAIN", "FAILED", 1, error_code="100357", error_message=PYTHON_ERROR)
    found = explain(run(TaskRun("R", "SUCCEEDED", 1), failed), compiled(), trace)
    (cause,) = found.causes
    assert (cause.task, cause.path, cause.place) == ("R$TRAIN", "python_tasks/train.py", ("python_tasks/train.py", 10))
    assert cause.code == "100357"


def test_an_error_in_a_helper_is_placed_there():
    message = PYTHON_ERROR.replace('"_udf_code.py", line 7', '"python_tasks/sub/helper.py", line 3')
    (cause,) = explain(run(TaskRun("R$TRAIN", "FAILED", 1, error_message=message)), compiled(), trace).causes
    assert cause.place == ("python_tasks/sub/helper.py", 3)


def test_an_error_inside_a_library_is_placed_where_the_users_code_called_it():
    message = PYTHON_ERROR.replace('"_udf_code.py", line 7', '"/usr/lib/python3.11/site-packages/x.py", line 3')
    (cause,) = explain(run(TaskRun("R$TRAIN", "FAILED", 1, error_message=message)), compiled(), trace).causes
    assert cause.place == ("python_tasks/train.py", 15)


def test_what_follows_the_failed_task_and_did_not_run_was_blocked():
    tasks = [TaskRun("R", "SUCCEEDED", 1), TaskRun("R$SPLIT", "SUCCEEDED", 1), TaskRun("R$OTHER", "SUCCEEDED", 1)]
    found = explain(run(*tasks, TaskRun("R$TRAIN", "FAILED", 1, error_message="x")), compiled(), trace)
    assert found.blocked == ("R$EVALUATE", "R$GOLDEN")


def test_an_sql_error_has_its_file_and_message_but_no_line():
    found = explain(run(TaskRun("R$SPLIT", "FAILED", 1, error_message="Table 'X' does not exist")), compiled(), trace)
    assert found.causes[0].path == "tasks/split.sql"
    assert found.causes[0].place is None
    assert found.causes[0].message == "Table 'X' does not exist"


def test_without_the_project_the_history_speaks_alone():
    found = explain(run(TaskRun("R$TRAIN", "FAILED", 1, error_message="x")), None, lambda *_: None)
    assert (found.causes[0].path, found.causes[0].message, found.blocked) == ("", "x", ())
