"""What Python tasks read, write and return, from their syntax tree."""

import sys

import pytest

from neve.diagnostics.model import Severity, Span
from neve.ir import Header, SourceFile, Value
from neve.parse_python import parse_python

NONE = Header({}, "", 0)


def parsed(code, helpers=None, header=NONE):
    said = []
    file = SourceFile("python_tasks/job.py", "python_task", code)
    modules = {name: SourceFile(f"python_tasks/{name}.py", "helper", text) for name, text in (helpers or {}).items()}
    return parse_python(file, header, modules, said.append), said


def task(*lines):
    return "def main(session, run):\n" + "".join(f"    {line}\n" for line in lines)


def used(code, **options):
    facts, said = parsed(code, **options)
    assert not said
    return ", ".join(f"{one.access} {'.'.join(one.parts)}" for one in facts.references)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('session.table("a.b")', "read A.B"),
        ('session.read.table("a")', "read A"),
        ('session.sql("select * from a join b").collect()', "read A, read B"),
        ('session.sql("""insert into a\n  select * from b""")', "insert A, read B"),
        ('session.sql("select * " "from a")', "read A"),
        ('session.sql("select * " + "from a")', "read A"),
        ("session.sql(f\"select * from a where x = {run.id} and y = '{{}}'\")", "read A"),
        ('df.write.save_as_table("a")', "create A"),
        ('df.write.save_as_table("a", mode="overwrite")', "replace A"),
        ('df.write.mode("append").save_as_table("a")', "insert A"),
        ('df.write.mode("append").option("x", 1).save_as_table(["s", "a"])', "insert S.A"),
        ('df.write.insert_into("a", overwrite=True)', "replace A"),
        ('df.copy_into_table("a")', "insert A"),
        ('df.create_or_replace_view("v")', "replace V"),
        ('session.write_pandas(df, "Some", overwrite=True)', "replace Some"),
        ('session.write_pandas(df, "a", quote_identifiers=False)', "insert A"),
        ('t = session.table("a"); t.delete(t["x"] > 1)', "read A, insert A"),
        ('session.table("a").merge(source, True, [])', "insert A, read A"),
        ('session.table(f"{run.schema}.a")', "read neve.run.A"),
        ('other.table("a")', ""),
    ],
)
def test_tables(line, expected):
    assert used(task(*line.split("; "))) == expected


def test_constants_are_followed():
    code = 'NAME = "orders"\nQUERY = f"select * from {NAME}"\n' + task("session.sql(QUERY)", "session.table(NAME)")
    facts, _ = parsed(code)
    assert [one.parts for one in facts.references] == [("ORDERS",), ("ORDERS",)]
    assert {code[one.start : one.end] for one in facts.references} == {"orders"}


def test_a_name_that_is_assigned_twice_is_not_known():
    facts, _ = parsed('NAME = "a"\nNAME = "b"\n' + task("session.table(NAME)"))
    assert facts.references == ()


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("session.table(name)", "name"),
        ('session.table(f"raw.{name}")', 'f"raw.{name}"'),
        ('session.table(["raw", name])', '["raw", name]'),
        ("df.write.save_as_table(name + '_new', mode='append')", "name + '_new'"),
        ('session.sql(f"insert into {name} values (1)")', 'f"insert into {name} values (1)"'),
        ("session.table(name).delete()", "name"),
    ],
)
def test_a_table_that_is_known_only_in_the_run_is_a_warning_unless_the_header_says_it(line, marked):
    code = task("name = session.sql('select 1').collect()[0][0]", line)
    _, said = parsed(code)
    assert [(one.code, one.severity, code[one.span.start : one.span.end]) for one in said] == [
        ("NEVE211", Severity.WARNING, marked)
    ]
    assert parsed(code, header=Header({"reads": Value(["a"], Span("", 0, 0))}, "", 0))[1] == []


def test_what_is_known_of_a_name_is_enough():
    assert used(task('session.table(f"{run.schema}.a")', "session.table(run.config['t'])")).startswith(
        "read neve.run.A"
    )
    assert used(task('df.write.save_as_table(f"tmp_{run.id}", table_type="temporary")')) == ""


def test_a_parameter_hides_a_constant():
    facts, _ = parsed('name = "a"\n\n\ndef f(name, session):\n    session.table(name)\n\n\n' + task("pass"))
    assert facts.references == ()


def test_helper_modules_count_when_they_are_imported():
    helpers = {
        "names": 'ORDERS = "orders"\n',
        "loading": "from names import ORDERS\n\n\ndef load(session):\n    return session.table(ORDERS)\n",
        "unused": 'def f(session):\n    session.table("x")\n',
    }
    facts, _ = parsed("import loading\nimport names\n\n\n" + task("session.table(names.ORDERS)"), helpers)
    assert [one.parts for one in facts.references] == [("ORDERS",), ("ORDERS",)]
    assert all(one.start == one.end for one in facts.references)
    assert facts.imports == ("names", "loading")


def test_helpers_that_import_each_other_end():
    helpers = {"a": "import b\n", "b": "import a\n"}
    facts, _ = parsed("import a\n\n\n" + task("pass"), helpers)
    assert sorted(facts.imports) == ["a", "b"]


def test_task_functions():
    code = task(
        'run.returned("setup")',
        "run.get_predecessor_return_value()",
        'run.config["days"]',
        'run.config.get("share")',
        'run.get_task_graph_config_property("seed")',
        'session.call("some_procedure", 1)',
        "session.sql(\"call system$set_return_value('x')\")",
    )
    facts, _ = parsed(code)
    assert [read.task for read in facts.returned] == ["setup", None]
    assert sorted(path for path, _, _ in facts.config_keys) == ["days", "seed", "share"]
    assert [call.parts for call in facts.calls] == [("SOME_PROCEDURE",)]
    assert facts.returns


@pytest.mark.parametrize(
    ("lines", "returns"),
    [
        (["return 1"], True),
        (["return"], False),
        (["return None"], False),
        (["def f():", "    return 1"], False),
        (["g = lambda: 1"], False),
        (["if run.id:", "    return {}"], True),
        (["run.set_return_value('x')"], True),
    ],
)
def test_whether_a_value_is_returned(lines, returns):
    facts, _ = parsed(task(*lines))
    assert facts.returns is returns


def test_places_count_characters_also_behind_others():
    code = task('ä = "ü"; session.table("orders")')
    facts, _ = parsed(code)
    assert code[facts.references[0].start : facts.references[0].end] == "orders"


@pytest.mark.parametrize(
    ("code", "message", "place"),
    [
        ("x = \n", "invalid syntax", (4, 5)),
        ("x = 1\n", "has no function `main`", (0, 0)),
        ("async def main(a, b):\n    pass\n", "cannot be async", (0, 21)),
        ("def main(session):\n    pass\n", "exactly two", (0, 18)),
        ("x = '\0'\n", "cannot read", None),
        ("x = " + "(" * 500, "cannot read", None),
    ],
)
def test_mistakes_have_a_place(code, message, place):
    facts, said = parsed(code)
    assert facts is None
    assert message in said[0].message
    assert place is None or (said[0].span.start, said[0].span.end) == place


def test_sql_that_is_put_together_beyond_reading_is_a_warning_unless_the_header_says_it():
    code = task('session.sql(f"select {run.id} frm a b c")')
    assert [found.severity for found in parsed(code)[1]] == [Severity.WARNING]
    assert not parsed(code, header=Header({"reads": Value(["a"], None)}, "", 0))[1]


def test_syntax_that_is_newer_than_the_procedures_python_is_refused():
    newer = "type Rows = list[int]\n\n\n" + task("pass")
    facts, said = parsed(newer)
    assert (facts, [one.code for one in said]) == (None, ["NEVE212"])
    if sys.version_info >= (3, 12):
        header = Header({"runtime_version": Value("3.12", Span("python_tasks/job.py"))}, "", 0)
        assert parsed(newer, header=header)[1] == []


@pytest.mark.parametrize(
    ("lines", "changed"),
    [
        (("session.table(T)", "session.sql(f'delete from {T} where x')"), ["orders", "orders"]),
        (("session.sql('delete from ' + T + ' where x')",), ["orders"]),
        (("session.table(T)", "return T"), [""]),
        (("session.table(T)", "log(f'about {T}')"), [""]),
        (("session.table(T).write.save_as_table(f'copy_of_{T}')",), ["", ""]),
        (("session.sql(f\"delete from {T} where x = '{T}'\")",), [""]),
    ],
)
def test_a_constant_is_completed_only_where_it_is_nothing_but_a_name(lines, changed):
    code = 'T = "orders"\n\n\n' + task(*lines)
    facts, said = parsed(code)
    assert not said
    assert [code[one.start : one.end] for one in facts.references] == changed
