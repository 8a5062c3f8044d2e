import pytest


def test_a_target_changes_any_value(folder):
    folder.write(
        "project.yml",
        """\
name: demo
vars: {a: 1, b: 1}
defaults: {graph: nightly, models/staging: {schema: STAGING, tags: [x]}}
graphs:
  nightly: {schedule: 24 hours, config: {from: {day: 1, hour: 2}}, task_auto_retry_attempts: 1}
sources:
  shop: {database: RAW, tables: {sales: {columns: {id: number}}}}
targets:
  dev:
    database: dev
    vars: {b: 2}
    defaults: {models/staging: {schema: DEV_STAGING}}
    graphs: {nightly: {config: {from: {hour: 3}}}}
    sources: {shop: {database: RAW_DEV}}
""",
    )
    project = folder.project()
    assert project is not None, folder.said()
    assert project.vars == {"a": 1, "b": 2}
    assert project.graphs["nightly"].config == {"from": {"day": 1, "hour": 3}}
    assert project.graphs["nightly"].schedule.data == "24 hours"
    assert project.graphs["nightly"].options["task_auto_retry_attempts"].data == 1
    assert project.sources["shop", "sales"].database == "RAW_DEV"
    assert {key: value.data for key, value in project.defaults["models/staging"].items()} == {
        "schema": "DEV_STAGING",
        "tags": ["x"],
    }
    assert folder.text(project.defaults["models/staging"]["schema"].span) == "DEV_STAGING"
    assert (project.target.engine, project.target.database, project.target.schema) == ("snowflake", "DEV", "PUBLIC")


@pytest.mark.parametrize(
    ("targets", "asked", "chosen"),
    [
        ("{prod: {database: A}, local: {database: A}}", None, "local"),
        ("{prod: {database: A}, dev: {database: A}}", None, "prod"),
        ("{prod: {database: A}, local: {database: A}}\ndefault_target: prod", None, "prod"),
        ("{prod: {database: A}, dev: {database: A}}", "dev", "dev"),
    ],
)
def test_the_default_target(folder, targets, asked, chosen):
    folder.write("project.yml", f"name: demo\ntargets: {targets}\n")
    project = folder.project(asked)
    assert project is not None, folder.said()
    assert project.target.name == chosen


def test_a_project_of_one_line_runs_locally(folder):
    folder.write("project.yml", "name: demo\n")
    project = folder.project()
    assert (project.target.name, project.target.engine, project.target.database) == ("local", "local", "DEMO")


def test_vars_of_the_command_line_win(folder):
    assert folder.project("prod").vars["start_date"] == "2020-01-01"
    assert folder.project("prod", {"start_date": "1999-01-01"}).vars["start_date"] == "1999-01-01"


@pytest.mark.parametrize(
    ("columns", "types"),
    [
        ("{id: number, 'Odd': , name: varchar}", {"ID": "number", "ODD": "", "NAME": "varchar"}),
        ("[{name: id, type: number}, {name: x, data_type: date}, {name: y}]", {"ID": "number", "X": "date", "Y": ""}),
    ],
)
def test_columns_of_a_source(folder, columns, types):
    folder.write("project.yml", f"name: demo\nsources: {{shop: {{tables: {{sales: {{columns: {columns}}}}}}}}}\n")
    project = folder.project()
    assert project is not None, folder.said()
    table = project.sources["shop", "sales"]
    assert (table.columns, table.database, table.schema) == (types, "DEMO", "SHOP")


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ("@daily", "USING CRON 0 0 * * * UTC"),
        ("{cron: 0 5 * * *, timezone: Europe/Berlin}", "USING CRON 0 5 * * * Europe/Berlin"),
        ("5 minutes", "5 minutes"),
    ],
)
def test_schedules_become_snowflakes(folder, schedule, text):
    quoted = schedule if schedule.startswith("{") else f"'{schedule}'"
    folder.write("project.yml", f"name: demo\ngraphs: {{g: {{schedule: {quoted}}}}}\n")
    assert folder.project().graphs["g"].schedule.data == text


A_NAME = "must be a name such as my_name, not the text"
SECRET = "is a secret: it must not stand in project.yml"


@pytest.mark.parametrize(
    ("text", "code", "message", "marked"),
    [
        ("name: demo\nvras: {}\n", "NEVE103", "There is no key `vras` here", "vras"),
        ("- a\n", "NEVE104", "This must be a mapping, not a list", "- a"),
        ("", "NEVE104", "This must be a mapping, not empty", ""),
        ("name: 7\n", "NEVE104", "`name` must be a name of letters, digits and _, not the number 7", "7"),
        (
            "name: demo\ngraphs: {g: {config: [1]}}\n",
            "NEVE104",
            "`graphs.g.config` must be a mapping, not a list",
            "[1]",
        ),
        ("name: demo\ngraphs: {a b: {}}\n", "NEVE104", f"`graphs.a b` {A_NAME} 'a b'", "a b"),
        ("name: demo\nvars: {a: {k: 1, k: 2}}\n", "NEVE105", "The key `k` stands twice in one mapping", "k"),
        ("vars: {}\n", "NEVE108", "This file needs the key `name`", ""),
        ("name: demo\ntargets: {p: {}}\n", "NEVE108", "`targets.p` needs the key `database`", "p"),
        ("name: demo\nvars: {api: {Token: x}}\n", "NEVE107", f"`Token` {SECRET}", "Token"),
        ("name: demo\ndefaults: {materialise: view}\n", "NEVE103", "There is no key `materialise` here", "materialise"),
        (
            "name: demo\ndefaults: {models/x: {materialise: view}}\n",
            "NEVE103",
            "There is no key `materialise` here",
            "materialise",
        ),
        ("name: demo\ndescription: é𝄞\nx: 1\n", "NEVE103", "There is no key `x` here", "x"),
    ],
)
def test_a_mistake_in_project_yml_has_its_place(folder, text, code, message, marked):
    folder.write("project.yml", text)
    assert folder.project() is None
    assert folder.said() == [(code, message, marked)]


def test_all_mistakes_are_said_at_once(folder):
    folder.write("project.yml", "nam: x\ngraphs: {g: {log_level: all}}\ntargets: {p: {egine: local}}\n")
    assert folder.project() is None
    assert [code for code, _, _ in folder.said()] == ["NEVE108", "NEVE103", "NEVE104", "NEVE108", "NEVE103"]


def test_an_unknown_target_lists_the_known_ones(folder):
    assert folder.project("pord") is None
    (found,) = folder.findings
    assert found.message == "There is no target `pord`; there are `local` and `prod`"
    assert found.hint == "Did you mean `prod`?"


def test_columns_may_have_the_names_of_secrets(folder):
    folder.write("project.yml", "name: demo\nsources: {s: {tables: {users: {columns: {password: varchar}}}}}\n")
    assert folder.project() is not None


def test_anchors_and_merge_keys(folder):
    folder.write(
        "project.yml",
        "name: demo\ntargets:\n  a: &base {database: A, schema: S}\n  b: {<<: *base, database: B}\n",
    )
    target = folder.project("b").target
    assert (target.database, target.schema) == ("B", "S")
