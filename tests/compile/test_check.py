"""The rules, beyond the example on each code's page: what they let pass and what they catch."""

from pathlib import Path

import pytest

from neve.check.cron import problem_of
from neve.check.exclusive import required
from neve.compile import compile_project

PROJECT = """\
name: p
graphs: {g: {schedule: manual, run_schema: "RUN_{run_id}"}}
targets: {local: {engine: local, database: D, schema: S}}
sources: {raw: {tables: {events: {}, changes: {}}}}
"""
RETURNS = "call system$set_return_value(current_date())"


def said(root, files):
    for path, text in ({"project.yml": PROJECT} | files).items():
        file = Path(root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(compile_project(Path(root))[1])


def codes(root, files):
    return [found.code for found in said(root, files)]


def headed(header, body):
    return f"/*---\n{header}\n---\n*/\n{body}"


def test_what_a_broken_file_may_have_made_is_not_missing_but_the_rest_is(tmp_path):
    files = {
        "tasks/make.sql": headed("graph: g", "create or replace table made as select ((1);"),
        "tasks/use.sql": headed("graph: g", "create or replace table used as select * from made, nowhere"),
    }
    assert codes(tmp_path, files) == ["NEVE210", "NEVE303"]


def test_config_that_a_broken_file_may_read_is_not_unread(tmp_path):
    graphs = "graphs: {g: {schedule: manual, config: {day: 1}}}"
    files = {
        "project.yml": PROJECT.replace('graphs: {g: {schedule: manual, run_schema: "RUN_{run_id}"}}', graphs),
        "tasks/say.sql": headed("graph: g", "select 1"),
        "python_tasks/ask.py": '"""---\ngraph: g\n---\n"""\ndef main(session, run:\n    return run.config["day"]\n',
    }
    assert codes(tmp_path, files) == ["NEVE212"]


@pytest.mark.parametrize(
    "expression",
    [
        "* * * * * UTC",
        "*/5 0-6,18-23/2 1,15,L JAN-MAR,12 SUN-SAT America/New_York",
        "0 9 * * 5L europe/berlin",
        "0 9 * * FRIL UTC",
        "*/61 * * * * UTC",
        "0 0 29 2 * UTC",
        "0 0 31 2 1 UTC",
        "3/7 * * * * Etc/GMT+5",
    ],
)
def test_cron_schedules_that_snowflake_takes(expression):
    assert problem_of(expression) is None


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * * UTC",
        "* * * * * *",
        "60 * * * * UTC",
        "* 24 * * * UTC",
        "* * 0 * * UTC",
        "* * * 13 * UTC",
        "* * * * 7 UTC",
        "* * ? * * UTC",
        "* * W * * UTC",
        "* * * * 1#2 UTC",
        "* * L-3 * * UTC",
        "* * * * L UTC",
        "*/0 * * * * UTC",
        "5-1 * * * * UTC",
        "0 0 31 2 * UTC",
        "0 0 31 4,6 * UTC",
        "0 0 * * * PST",
        "0 0 * * * +02:00",
    ],
)
def test_cron_schedules_that_snowflake_refuses(expression):
    assert problem_of(expression) is not None


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("SYSTEM$GET_PREDECESSOR_RETURN_VALUE('G$A') = 'x'", {"G$A": "x"}),
        ("SYSTEM$GET_PREDECESSOR_RETURN_VALUE('G$A') = 'x' AND 1 = 1", {"G$A": "x"}),
        ("SYSTEM$GET_PREDECESSOR_RETURN_VALUE('G$A') = 'x' OR 1 = 1", {}),
        ("NOT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('G$A') = 'x'", {}),
        ("SYSTEM$GET_PREDECESSOR_RETURN_VALUE('G$A') = 'or' AND 1 IS NOT NULL", {"G$A": "or"}),
        (None, {}),
    ],
)
def test_what_a_condition_requires(condition, expected):
    assert required(condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "return_value('a') = 'x'",
        "stream_has_data('raw.changes') and not (return_value('a')::int > 3 or 1 = 1)",
        "SYSTEM$PREDECESSORS_STATE('ALL_DONE') and SYSTEM$TASK_COMPLETION_STATE('a') = 'FAILED'",
        "cast(return_value('a') as number) >= 1 and true",
    ],
)
def test_conditions_that_snowflake_takes(tmp_path, condition):
    files = {"tasks/a.sql": RETURNS, "tasks/b.sql": headed(f"when: {condition}\nafter: a", "select 1")}
    assert codes(tmp_path, files) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("(select count(*) from raw.events) > 1", "NEVE403"),
        ("x = 1", "NEVE403"),
        ("return_value('a') is not null", "NEVE403"),
        ("return_value('a') in ('x', 'y')", "NEVE403"),
        ("parse_json(return_value('a')) = 1", "NEVE403"),
        ("return_value('a') =", "NEVE403"),
        ("stream_has_data('raw.nothing')", "NEVE303"),
        ("return_value('nobody') = 'x'", "NEVE304"),
    ],
)
def test_conditions_that_are_refused(tmp_path, condition, code):
    files = {"tasks/a.sql": RETURNS, "tasks/b.sql": headed(f'when: "{condition}"\nafter: a', "select 1")}
    assert codes(tmp_path, files) == [code]


def test_branches_that_exclude_each_other_do_not_race(tmp_path):
    files = {
        "tasks/choose.sql": RETURNS,
        "tasks/keep.sql": headed("when: return_value('choose') = 'keep'", "create or replace table t as select 1 as x"),
        "tasks/dropping.sql": headed("when: return_value('choose') = 'drop'", "truncate table t"),
        "tasks/below.sql": headed("after: keep", "insert into t values (1)"),
    }
    assert codes(tmp_path, files) == []
    files["tasks/dropping.sql"] = headed("after: choose", "truncate table t")
    assert set(codes(tmp_path, files)) == {"NEVE501"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("create or replace table t as select 1 as x", "insert into t values (2)"),
        ("create table if not exists t (x int)", "insert into t values (2)"),
        ("truncate table t", "insert into t values (2)"),
        ("insert into t values (2)", "drop table t"),
        ("select * from t", "truncate table t"),
    ],
)
def test_a_race_proposes_the_edge_that_people_mean(tmp_path, first, then):
    made = {} if "create" in first else {"tasks/made.sql": "create or replace table t as select 0 as x"}
    for one, other in (("a", "b"), ("b", "a")):
        before = headed("after: made", "") if made else ""
        files = made | {f"tasks/{one}.sql": before + first, f"tasks/{other}.sql": before + then}
        (found,) = said(tmp_path / one, files)
        assert found.hint == f"If `{other}` goes second, add `after: {one}` to tasks/{other}.sql."


def test_a_race_through_a_view_is_one(tmp_path):
    files = {
        "models/t.sql": headed("materialized: table", "select * from raw.events"),
        "models/v.sql": "select * from t",
        "tasks/read.sql": "insert into log select * from v",
        "tasks/empty.sql": headed("after: t", "truncate table t"),
    }
    assert codes(tmp_path, files) == ["NEVE502"]


def test_dollars_may_stand_in_a_body_that_stays_as_it_is(tmp_path):
    assert codes(tmp_path, {"tasks/a.sql": "insert into log select $$it's$$"}) == []
    assert codes(tmp_path, {"tasks/a.sql": "begin select $$it's$$; end"}) == ["NEVE404"]


def test_models_in_any_shape_of_a_query(tmp_path):
    shapes = [
        "select 1 as a",
        "(select 1 as a) union all select 2",
        "with x as (select 1) select * from x",
        "from raw.events",
    ]
    files = {f"models/m{i}.sql": shape for i, shape in enumerate(shapes)}
    assert codes(tmp_path, files) == []
    assert codes(tmp_path, {"models/m0.sql": "insert into x select 1"}) == ["NEVE214"]
    assert codes(tmp_path, {"models/m0.sql": "begin select 1; end"}) == ["NEVE214"]


def test_a_configuration_that_is_read_as_a_whole_is_read(tmp_path):
    project = PROJECT.replace("schedule: manual", "schedule: manual, config: {a: 1, b: {c: 2}}")
    files = {"project.yml": project, "tasks/t.sql": "select system$get_task_graph_config('b.c')"}
    assert codes(tmp_path, files) == ["NEVE505"]
    task = "def main(session, run):\n    for key in run.config:\n        print(key)\n"
    assert codes(tmp_path, files | {"python_tasks/u.py": task}) == []


def test_a_join_below_exclusive_branches_may_have_a_rule(tmp_path):
    files = {
        "tasks/choose.sql": RETURNS,
        "tasks/one.sql": headed("when: return_value('choose') = '1'", "select 1"),
        "tasks/two.sql": headed("when: return_value('choose') = '2'", "select 2"),
        "tasks/below_one.sql": headed("after: one", "select 1"),
        "tasks/joined.sql": headed("after: [below_one, two]", "select 3"),
    }
    assert codes(tmp_path, files) == ["NEVE507"]
    rule = "after: [below_one, two]\ntrigger_rule: none_failed_min_one_success"
    assert codes(tmp_path, files | {"tasks/joined.sql": headed(rule, "select 3")}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"tasks/b.sql": headed("graph: h\nafter: [c, a]", "select 1"), "tasks/c.sql": headed("graph: h", "select 1")},
        {"tasks/b.sql": headed("graph: h\nwhen: return_value('a') = 'x'", "select 1")},
        {"tasks/b.sql": headed("graph: h", "select system$get_predecessor_return_value('a')")},
        {"python_tasks/b.py": '"""---\ngraph: h\n---\n"""\ndef main(session, run):\n    run.returned("a")\n'},
    ],
)
def test_tasks_wait_only_for_tasks_of_their_own_graph(tmp_path, files):
    project = PROJECT.replace("graphs: {", "graphs: {h: {schedule: manual}, ")
    (found,) = said(tmp_path, files | {"project.yml": project, "tasks/a.sql": headed("graph: g", RETURNS)})
    assert found.code == "NEVE304"
    assert "is a task of the graph g" in found.message
    marked = (tmp_path / found.span.path).read_text()[found.span.start : found.span.end]
    assert marked in {"a", "'a'", '"a"', "return_value('a') = 'x'"}


def test_what_the_root_returns(tmp_path):
    asks = {"tasks/a.sql": "select system$get_predecessor_return_value('g')"}
    assert codes(tmp_path, asks) == []
    compiled, _ = compile_project(tmp_path)
    assert "select system$get_predecessor_return_value('G')" in compiled.script.text
    without = PROJECT.replace(', run_schema: "RUN_{run_id}"', "")
    assert codes(tmp_path, asks | {"project.yml": without}) == ["NEVE503"]
    python = "def main(session, run):\n    return run.returned('g')\n"
    assert codes(tmp_path, asks | {"python_tasks/b.py": python}) == ["NEVE304"]


def test_a_root_has_nobody_to_ask(tmp_path):
    project = PROJECT.replace("schedule: manual", "schedule: manual, when: \"return_value('a') = 'x'\"")
    assert codes(tmp_path, {"project.yml": project, "tasks/a.sql": RETURNS}) == ["NEVE403"]


def test_manual_is_not_for_a_graph_that_a_stream_starts(tmp_path):
    project = PROJECT.replace("schedule: manual", "schedule: manual, when: \"stream_has_data('changes')\"")
    assert codes(tmp_path, {"project.yml": project, "tasks/a.sql": "insert into x select * from changes"}) == [
        "NEVE410"
    ]


def test_a_path_into_the_configuration_is_followed(tmp_path):
    project = PROJECT.replace("schedule: manual", "schedule: manual, config: {a: {b: [{c: 1}]}, d: x}")
    paths = ("a.b", "a.b[0].c", "d.any", "a.z", "z.y", "as_of")
    text = "select " + ", ".join(f"system$get_task_graph_config('{path}')" for path in paths)
    found = said(tmp_path, {"project.yml": project, "tasks/a.sql": text})
    assert [(one.code, text[one.span.start : one.span.end]) for one in found] == [
        ("NEVE504", "'a.z'"),
        ("NEVE504", "'z.y'"),
    ]
    assert found[0].hint == "Add it in project.yml: `graphs: {g: {config: {a: {z: ...}}}}`."


def test_a_finalizer_is_in_the_graph_that_it_finalizes(tmp_path):
    project = PROJECT.replace("graphs: {", "defaults: {graph: g}\ngraphs: {h: {schedule: manual}, ")
    files = {
        "project.yml": project,
        "tasks/a.sql": headed("graph: h", "select 1"),
        "tasks/f.sql": headed("finalize: h", "select 1"),
    }
    assert codes(tmp_path, files) == []
    compiled, _ = compile_project(tmp_path)
    assert compiled.graphs["h"].finalizer.node.name == "f"
    assert codes(tmp_path, files | {"tasks/f.sql": headed("finalize: h\ngraph: g", "select 1")}) == ["NEVE405"]


def test_the_parameter_that_tasks_do_not_support_is_marked(tmp_path):
    text = headed("session_parameters: {TIMEZONE: UTC, AUTOCOMMIT: false}", "select 1")
    (found,) = said(tmp_path, {"tasks/a.sql": text})
    assert (found.code, text[found.span.start : found.span.end]) == ("NEVE407", "false")


def test_what_the_local_engine_refuses_can_be_kept_for_other_targets(tmp_path):
    main = "def main(session, run):\n    pass\n"
    task = f'"""---\nsecrets: {{key: my_key}}\n---\n"""\n{main}'
    prod = "prod: {database: D, defaults: {python_tasks: {secrets: {key: my_key}}}}"
    project = PROJECT.replace("targets: {", f"targets: {{{prod}, ")
    assert codes(tmp_path, {"project.yml": project, "python_tasks/a.py": task}) == ["NEVE415"]
    assert codes(tmp_path, {"project.yml": project, "python_tasks/a.py": main}) == []
    compiled, findings = compile_project(tmp_path, "prod")
    assert not list(findings)
    assert "SECRETS = ('key' = my_key)" in compiled.script.text


BRANCH = """\
def main(session, run):
    if run.config:
        return "one"
    return "two" if run.id else "three"
"""


def test_the_value_that_no_task_waits_for_is_marked(tmp_path):
    files = {
        "python_tasks/choose.py": BRANCH,
        "tasks/one.sql": headed("when: return_value('choose') = 'one'", "select 1"),
        "tasks/two.sql": headed("when: return_value('choose') = 'two'", "select 1"),
    }
    (found,) = said(tmp_path, files)
    assert (found.code, BRANCH[found.span.start : found.span.end]) == ("NEVE506", '"three"')


@pytest.mark.parametrize(
    "other",
    [
        headed("when: return_value('choose') = 'two' or return_value('choose') = 'three'", "select 1"),
        headed("when: return_value('choose') <> 'one'", "select 1"),
        "select system$get_predecessor_return_value('choose')",
    ],
)
def test_a_task_that_asks_otherwise_may_wait_for_any_value(tmp_path, other):
    files = {
        "python_tasks/choose.py": BRANCH,
        "tasks/one.sql": headed("when: return_value('choose') = 'one'", "select 1"),
        "tasks/other.sql": other,
    }
    assert codes(tmp_path, files) == []


def test_a_value_that_is_too_long_is_marked(tmp_path):
    text = f"execute immediate 'call system$set_return_value(''{'x' * 10_001}'')'"
    (found,) = said(tmp_path, {"tasks/a.sql": text})
    assert (found.code, text[found.span.start : found.span.end]) == ("NEVE508", f"''{'x' * 10_001}''")


@pytest.mark.parametrize(
    ("header", "body", "code", "marked"),
    [
        ("materialized: incremental\nincremental_strategy: merge", "select 1 as a", "NEVE108", "merge"),
        ("materialized: incremental\nunique_key: [a, b]", "select 1 as a", "NEVE311", "b"),
        ("materialized: view\nunique_key: a", "select 1 as a", "NEVE113", "a"),
        ("materialized: dynamic_table\ncluster_by: a", "select 1 as a", "NEVE113", "a"),
        ("materialized: dynamic_table\ntarget_lag: 30 seconds", "select 1 as a", "NEVE401", "30 seconds"),
        ("materialized: dynamic_table\ntarget_lag: soon", "select 1 as a", "NEVE401", "soon"),
        ("materialized: view", "select * from m", "NEVE305", "m"),
        ("materialized: ephemeral", "select * from {{ ref('m') }}", "NEVE305", "{{ ref('m') }}"),
    ],
)
def test_keys_and_queries_that_do_not_go_with_a_materialization(tmp_path, header, body, code, marked):
    text = headed(header, body)
    (found,) = said(tmp_path, {"models/m.sql": text})
    assert (found.code, text[found.span.start : found.span.end]) == (code, marked)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("materialized: table", "select * from m"),
        ("materialized: incremental\nunique_key: a", "select * from raw.events"),
        ("materialized: incremental\nunique_key: [A, b]", 'select 1 as a, 2 as "B"'),
        ("materialized: dynamic_table\ntarget_lag: 2 days", "select 1 as a"),
        ("materialized: dynamic_table\ntarget_lag: downstream", "select 1 as a"),
    ],
)
def test_keys_and_queries_that_go_with_a_materialization(tmp_path, header, body):
    assert codes(tmp_path, {"models/m.sql": headed(header, body)}) == []


def test_a_key_of_a_folder_is_for_the_files_that_have_a_use_for_it(tmp_path):
    project = PROJECT + "defaults: {models: {cluster_by: a}}\n"
    files = {
        "project.yml": project,
        "models/v.sql": "select 1 as a",
        "models/t.sql": headed("materialized: table", "select 1 as a"),
    }
    assert codes(tmp_path, files) == []


def test_two_models_of_one_table_do_not_race_as_well(tmp_path):
    model = headed("materialized: table\nalias: x", "select 1 as a")
    assert codes(tmp_path, {"models/a.sql": model, "models/b.sql": model}) == ["NEVE307"]


def test_a_task_without_a_graph_is_told_of_its_own_config(tmp_path):
    text = headed(
        "schedule: 1 hour\nconfig: {x: 1}",
        "select system$get_task_graph_config('x'), system$get_task_graph_config('y')",
    )
    project = PROJECT.replace('graphs: {g: {schedule: manual, run_schema: "RUN_{run_id}"}}', "graphs: {}")
    (found,) = said(tmp_path, {"project.yml": project, "tasks/a.sql": text})
    assert (found.code, found.hint) == ("NEVE504", "Add it in the header: `config: {y: ...}`.")


def test_a_data_test_is_one_statement(tmp_path):
    tests = "materialized: table\ndata_tests:\n  - select * from m where a < 0;\n  - select 1; select 2"
    text = headed(tests, "select 1 as a")
    (found,) = said(tmp_path, {"models/m.sql": text})
    assert (found.code, text[found.span.start : found.span.end]) == ("NEVE310", "select 1; select 2")
    (tmp_path / "models/m.sql").write_text(text.replace("; select 2", ""))
    compiled, _ = compile_project(tmp_path)
    assert "(\nselect * from D.S.M where a < 0\n)" in compiled.script.text


def test_a_dynamic_table_on_snowflake_needs_a_warehouse(tmp_path):
    dynamic = headed("materialized: dynamic_table", "select 1 as a")
    own = headed("materialized: dynamic_table\nwarehouse: w", "select 1 as a")
    snowflake = PROJECT.replace("engine: local, ", "")
    assert codes(tmp_path, {"models/m.sql": dynamic}) == []
    assert codes(tmp_path, {"project.yml": snowflake, "models/m.sql": dynamic}) == ["NEVE108"]
    assert codes(tmp_path, {"project.yml": snowflake, "models/m.sql": own}) == []
    with_one = snowflake.replace("schema: S}", "schema: S, warehouse: w}")
    assert codes(tmp_path, {"project.yml": with_one, "models/m.sql": dynamic}) == []


@pytest.mark.parametrize(
    ("materialized", "body", "blamed"),
    [
        ("view", "select e.id, c.id from events e, changes c", ["c.id"]),
        ("table", "select *, 1 as x, 2 as X from events", ["X"]),
        ("dynamic_table\ntarget_lag: 1 hour", "select {{ 'a' }} as n, b as n from events", ["n"]),
        ("incremental", "with q as (select 1 as a, 2 as b) select a * 3 as c, q.*, x.* from q, q x", ["x.*"]),
        ("incremental", "(select a, b from events union all select a, a from changes)", []),
        ("ephemeral", "select e.id, c.id from events e, changes c", []),
    ],
)
def test_two_columns_of_one_name_make_no_table(tmp_path, materialized, body, blamed):
    text = headed(f"materialized: {materialized}", body)
    found = [one for one in said(tmp_path, {"models/m.sql": text}) if one.code == "NEVE313"]
    assert [text[one.span.start : one.span.end] for one in found] == blamed


@pytest.mark.parametrize(
    ("tables", "marked", "hint"),
    [
        ("{events: {}, news: {stream_on: evnts}}", "evnts", "Did you mean `events`?"),
        ("{news: {stream_on: elsewhere}}", "elsewhere", "Declare the table"),
        ("{events: {}, news: {stream_on: events}, more: {stream_on: news}}", "news", "Write `stream_on: events`."),
        ("{orders: {}, news: {stream_on: orders}}", "orders", "Write `shop.orders` or `raw.orders`."),
        ("{orders: {}, news: {stream_on: shop.orders}, more: {stream_on: raw.order}}", "raw.order", "Did you"),
    ],
)
def test_a_stream_is_on_a_declared_table(tmp_path, tables, marked, hint):
    project = f"name: p\nsources: {{shop: {{tables: {{orders: }}}}, raw: {{tables: {tables}}}}}\n"
    (found,) = said(tmp_path, {"project.yml": project})
    assert (found.code, project[found.span.start : found.span.end]) == ("NEVE303", marked)
    assert found.hint.startswith(hint)


TRIGGERED = """\
name: p
graphs: {g: {when: "stream_has_data('raw.news')"%s}}
targets: {t: {%sdatabase: D}}
sources: {raw: {tables: {events: , news: {stream_on: events}}}}
"""


@pytest.mark.parametrize(
    ("graph", "target", "expected"),
    [
        ("", "connection: c, ", ["NEVE108"]),
        ("", "engine: local, ", []),
        ("", "connection: c, warehouse: w, ", []),
        (", warehouse: w", "connection: c, ", []),
        (", target_completion_interval: 10 minutes", "connection: c, ", []),
    ],
)
def test_a_serverless_graph_that_a_stream_starts_says_by_when_it_is_done(tmp_path, graph, target, expected):
    files = {"project.yml": TRIGGERED % (graph, target), "tasks/a.sql": "insert into log select * from raw.news"}
    assert codes(tmp_path, files) == expected


def test_a_quoted_text_in_a_block_is_said_once(tmp_path):
    files = {"tasks/a.sql": headed("graph: g", "begin let a := $$x$$; let b := $$y$$; select 1; end")}
    assert codes(tmp_path, files) == ["NEVE404", "NEVE404"]


def test_a_config_key_that_is_spelled_wrong_is_told_the_nearest(tmp_path):
    files = {
        "project.yml": PROJECT.replace("schedule: manual", "schedule: manual, config: {days: 1}"),
        "tasks/a.sql": headed("graph: g", "select system$get_task_graph_config('day')"),
    }
    hints = [found.hint for found in said(tmp_path, files) if found.code == "NEVE504"]
    assert [hint.startswith("Did you mean `days`?") for hint in hints] == [True]
