import pytest

from neve.deploy.apply import apply, read_plan
from neve.deploy.live import read_live
from neve.deploy.narrow import Part
from neve.deploy.objects import Key, Live, LiveObject, Mark, mark_of
from neve.deploy.plan import make_plan
from neve.deploy.send import send
from neve.ir import Script, ScriptStatement


@pytest.fixture
def deploy(account, project):
    """Plan and apply a script; gives the plan."""

    def run(script, **options):
        live = read_live(account, project, script.statements)
        plan = make_plan(script, live, project, **options)
        account.sent.clear()
        send(plan.steps, range(1, len(plan.steps) + 1), account, lambda *_: None, lambda: False)
        return plan

    return run


def actions(plan):
    return {change.object.removeprefix("DB.S."): change.action for change in plan.changes if change.kind == "task"}


def states(account):
    return {name: task.state for name, task in account.tasks.items()}


def test_a_first_deploy_sends_the_script_but_for_suspending_what_is_not_there(deploy, script, task, account):
    made = script({"R": {"A": task(), "B": task(("A",))}}, finalizers=("R",))
    deploy(made)
    assert account.sent == [s.sql for s in made.statements if s.kind != "suspend"]
    assert set(states(account).values()) == {"started"}


def test_a_second_deploy_sends_nothing(deploy, script, task, account):
    made = script({"R": {"A": task(), "B": task(("A",))}}, finalizers=("R",))
    deploy(made)
    plan = deploy(made)
    assert plan.steps == ()
    assert set(actions(plan).values()) == {"untouched"}


def test_nothing_to_do_for_a_thousand_tasks_is_seen_after_three_statements(script, task, account, project):
    made = script({f"R{i}": {f"T{j}": task(python=j % 2 == 0) for j in range(99)} for i in range(10)})
    apply(read_plan(made, account, project), account)
    assert len(account.tasks) == 1000
    heard = []
    account.on_statement = heard.append
    assert read_plan(made, account, project).steps == ()
    assert heard == [f"SHOW {kind} IN SCHEMA DB.S" for kind in ("OBJECTS", "TASKS", "PROCEDURES")]


def test_an_edited_task_stops_its_own_graph_only(deploy, script, task, account):
    deploy(script({"R": {"A": task(), "B": task(("A",))}, "Q": {"C": task()}}))
    plan = deploy(script({"R": {"A": task(), "B": task(("A",), "select 2")}, "Q": {"C": task()}}))
    assert plan.stopped == ("DB.S.R",)
    assert [sql.split(" COMMENT")[0] for sql in account.sent] == [
        "USE SCHEMA DB.S",
        "ALTER TASK IF EXISTS DB.S.R SUSPEND",
        "CREATE OR ALTER TASK DB.S.R$B",
        "ALTER TASK DB.S.R$B RESUME",
        "ALTER TASK DB.S.R RESUME",
    ]


def test_an_edited_procedure_stops_nothing(deploy, script, task, account):
    deploy(script({"R": {"A": task(python=True)}}))
    plan = deploy(script({"R": {"A": task(python=True, body="new")}}))
    assert plan.stopped == ()
    assert [step.kind for step in plan.steps] == ["context", "procedure"]


def test_a_task_that_left_the_project_is_dropped_while_its_root_stands_still(deploy, script, task, account):
    deploy(script({"R": {"A": task(), "B": task(("A",)), "C": task(("B",))}}))
    plan = deploy(script({"R": {"A": task()}}))
    assert account.sent == [
        "USE SCHEMA DB.S",
        "ALTER TASK IF EXISTS DB.S.R SUSPEND",
        "DROP TASK IF EXISTS DB.S.R$C",
        "DROP TASK IF EXISTS DB.S.R$B",
        "ALTER TASK DB.S.R RESUME",
    ]
    assert actions(plan) == {"R": "untouched", "R$A": "untouched", "R$B": "drop", "R$C": "drop"}


def test_a_graph_that_left_the_project_is_stopped_and_dropped_from_its_leaves(deploy, script, task, account):
    deploy(script({"R": {"A": task()}, "Q": {"B": task(python=True)}}, finalizers=("Q",)))
    deploy(script({"R": {"A": task()}}))
    assert sorted(account.tasks) == ["R", "R$A"]
    assert account.procedures == {}
    assert account.sent[1] == "ALTER TASK IF EXISTS DB.S.Q SUSPEND"
    assert account.sent[-1] == "DROP PROCEDURE IF EXISTS DB.S.Q$B()"


def test_a_renamed_graph_is_one_new_and_one_dropped(deploy, script, task, account):
    deploy(script({"OLD": {"A": task()}}, finalizers=("OLD",)))
    deploy(script({"NEW": {"A": task()}}, finalizers=("NEW",)))
    assert states(account) == {"NEW": "started", "NEW$A": "started", "NEW$END": "started"}


def test_another_finalizer_takes_the_place_of_the_old_one(deploy, script, task, account):
    with_end = script({"R": {"A": task()}}, finalizers=("R",))
    deploy(with_end)
    account.tasks["R$LAST"] = account.tasks.pop("R$END")
    deploy(with_end)
    assert account.tasks["R$END"].finalize == "R"
    assert "R$LAST" not in account.tasks


def test_a_root_that_stands_still_without_reason_is_resumed(deploy, script, task, account):
    made = script({"R": {"A": task()}})
    deploy(made)
    account.tasks["R"].state = "suspended"
    plan = deploy(made)
    assert actions(plan) == {"R": "resume", "R$A": "untouched"}
    assert not any(change.drift for change in plan.changes), "an apply that broke off leaves it so"
    assert account.sent == ["USE SCHEMA DB.S", "ALTER TASK DB.S.R RESUME"]


def test_a_suspended_child_is_resumed_under_a_root_that_stands_still(deploy, script, task, account):
    made = script({"R": {"A": task()}})
    deploy(made)
    account.tasks["R$A"].state = "suspended"
    deploy(made)
    assert set(states(account).values()) == {"started"}


def test_a_root_without_schedule_stays_suspended(deploy, script, task, account):
    made = script({"R": {"A": task()}}, unscheduled=("R",))
    deploy(made)
    assert states(account) == {"R": "suspended", "R$A": "started"}
    assert deploy(made).steps == ()
    account.tasks["R"].state = "started"
    deploy(made)
    assert states(account)["R"] == "suspended"


def test_what_carries_no_mark_of_ours_is_a_conflict_and_never_touched(deploy, script, task, account, project):
    theirs = script({"R": {"A": task()}}, mark="other/local")
    for statement in theirs.statements:
        account.execute(statement.sql)
    made = script({"R": {"A": task()}})
    plan = make_plan(made, read_live(account, project, made.statements), project)
    assert {change.action for change in plan.conflicts} == {"conflict"}
    assert len(plan.conflicts) == 2
    assert not [step for step in plan.steps if step.kind in {"task", "suspend", "drop"}]


def test_another_target_in_the_same_schema_is_left_alone(deploy, script, task, account):
    for statement in script({"Q": {"B": task()}}, mark="p/dev").statements:
        account.execute(statement.sql)
    deploy(script({"R": {"A": task()}}))
    assert not [sql for sql in account.sent if "DB.S.Q" in sql]


def test_full_sends_every_statement(deploy, script, task, account):
    made = script({"R": {"A": task()}})
    deploy(made)
    deploy(made, full=True)
    assert account.sent == [s.sql for s in made.statements]


def test_the_mark_is_read_at_the_end_of_a_comment():
    mark = mark_of("Trains [sic] the model. [neve:fraud_detection/prod:3f2a9c10b7de]")
    assert (mark.project, mark.target, mark.fingerprint) == ("fraud_detection", "prod", "3f2a9c10b7de")
    assert mark_of("[neve:x/y:12] was here") is None
    assert mark_of(None) is None


def test_a_task_edited_by_hand_is_drift_and_put_right(deploy, script, task, account):
    made = script({"R": {"A": task(), "B": task(("A",))}})
    deploy(made)
    account.tasks["R$B"].after = ("R",)
    account.tasks["R$B"].body = "drop table x"
    plan = deploy(made)
    (drift,) = [change for change in plan.changes if change.drift]
    assert (drift.object, drift.action, drift.why) == ("DB.S.R$B", "alter", "edited by hand")
    assert drift.diff == (("after", "DB.S.R", "DB.S.R$A"), ("body", "drop table x", "select 1"))
    assert account.tasks["R$B"].after == ("R$A",)
    assert deploy(made).steps == ()


def test_a_task_dropped_by_hand_is_created_again(deploy, script, task, account):
    made = script({"R": {"A": task(), "B": task(("A",))}}, finalizers=("R",))
    deploy(made)
    before = {name: (member.after, member.state) for name, member in account.tasks.items()}
    for name in ("R", "R$A", "R$END"):
        account.tasks["R"].state = "suspended" if "R" in account.tasks else ""
        account.execute(f"DROP TASK DB.S.{name}")
        deploy(made)
        assert {name: (member.after, member.state) for name, member in account.tasks.items()} == before


def test_a_dynamic_table_that_becomes_a_view_is_dropped_first(project):
    key = Key("table", ("DB", "S", "V"))
    there = LiveObject(key, "dynamic_table", Mark("p", "local", "1a"))
    view = ScriptStatement("view", "DB.S.V", "CREATE OR REPLACE VIEW DB.S.V AS select 1", "models/v.sql", "2b")
    plan = make_plan(Script((view,), ""), Live({key: there}, frozenset({("DB", "S")})), project)
    assert [step.sql for step in plan.steps] == ["DROP DYNAMIC TABLE IF EXISTS DB.S.V", view.sql]
    assert plan.changes[0].why == "was a dynamic table"


def test_a_view_that_left_for_good_is_dropped_also_in_another_schema(project):
    """The history's table names the schemas where an earlier script made something."""

    class Account:
        def execute(self, sql):
            home = {"database_name": "DB", "schema_name": "S", "kind": "TABLE"}
            return {
                "SHOW OBJECTS IN SCHEMA DB.S": [
                    {**home, "name": "NEVE_DEPLOYMENTS$P$LOCAL", "comment": '[["DB", "OLD"]]'}
                ],
                "SHOW OBJECTS IN SCHEMA DB.OLD": [
                    {**home, "schema_name": "OLD", "name": "V", "kind": "VIEW", "comment": "[neve:p/local:1a]"},
                    {**home, "schema_name": "OLD", "name": "W", "kind": "VIEW", "comment": "[neve:q/local:1a]"},
                ],
            }.get(sql, [])

    plan = make_plan(Script((), ""), read_live(Account(), project, ()), project)
    assert [step.sql for step in plan.steps] == ["DROP VIEW IF EXISTS DB.OLD.V"]


def test_a_database_and_schema_are_made_only_when_they_are_not_there(project):
    statements = (
        ScriptStatement("database", "DB", "CREATE DATABASE IF NOT EXISTS DB", "project.yml"),
        ScriptStatement("schema", "DB.S", "CREATE SCHEMA IF NOT EXISTS DB.S", "project.yml"),
        ScriptStatement("schema", "DB.T", "CREATE SCHEMA IF NOT EXISTS DB.T", "project.yml"),
        ScriptStatement("view", "DB.T.V", "CREATE OR REPLACE VIEW DB.T.V AS select 1", "models/v.sql", "2b"),
    )
    plan = make_plan(Script(statements, ""), Live({}, frozenset({("DB", "S")})), project)
    assert [step.object for step in plan.steps] == ["DB.T", "DB.T.V"]


def test_a_part_of_the_graphs_leaves_the_others_as_they_are(deploy, script, task, account):
    deploy(script({"P": {"A": task(), "B": task()}, "Q": {"A": task(), "B": task()}}))
    edited = {"A": task(body="select 2")}
    plan = deploy(script({"P": edited, "Q": edited}), part=Part(frozenset({"P"}), frozenset(), frozenset()))
    assert plan.stopped == ("DB.S.P",)
    assert set(account.tasks) == {"P", "P$A", "Q", "Q$A", "Q$B"}
    assert set(states(account).values()) == {"started"}
    assert account.tasks["Q$A"].body == "select 1"


def test_a_part_takes_along_the_graph_below_which_its_task_was_hung(deploy, script, task, account):
    made = script({"P": {"A": task()}, "Q": {"A": task()}})
    deploy(made)
    account.tasks["P$A"].after = ("Q$A",)
    plan = deploy(made, part=Part(frozenset({"P"}), frozenset(), frozenset()))
    assert plan.stopped == ("DB.S.P", "DB.S.Q")
    assert account.tasks["P$A"].after == ("P",)
    assert set(states(account).values()) == {"started"}


def test_what_an_unfinished_apply_had_suspended_is_not_forgotten_over_a_part(account, project, script, task):
    first = script({"P": {"A": task()}, "Q": {"A": task()}})
    second = script({"P": {"A": task(body="select 2")}, "Q": {"A": task(body="select 2")}})
    apply(read_plan(first, account, project), account)
    apply(read_plan(second, account, project), account, stop=lambda: len(account.sent) == 12)
    assert account.tasks["Q"].state == "suspended"
    only = Part(frozenset({"P"}), frozenset(), frozenset())
    apply(read_plan(second, account, project, part=only), account)
    apply(read_plan(second, account, project), account)
    assert set(states(account).values()) == {"started"}


def test_what_somebody_gave_our_mark_is_taken_over(deploy, script, task, account, project):
    """As the hint about a conflict says."""
    made = script({"R": {"A": task()}})
    deploy(made)
    account.tasks["R$A"].comment = "mine"
    assert make_plan(made, read_live(account, project, made.statements), project).conflicts
    account.tasks["R$A"].comment = "mine [neve:p/local:0]"
    deploy(made)
    assert deploy(made).steps == ()


def test_a_part_leaves_what_was_replaced_beside_it_for_the_next_plan(account, project, script, task):
    made = script({"P": {"A": task(python=True)}, "Q": {"A": task(python=True)}})
    apply(read_plan(made, account, project), account)
    for name, comment in account.procedures.items():
        account.execute(f"CREATE OR REPLACE PROCEDURE DB.S.{name}() COMMENT = '{comment}'\nAS 'by hand'")
    only = Part(frozenset({"P"}), frozenset(), frozenset())
    apply(read_plan(made, account, project, part=only), account)
    assert "by hand" not in account.made["P$A"][0]
    apply(read_plan(made, account, project), account)
    assert "by hand" not in account.made["Q$A"][0]
    assert read_plan(made, account, project).steps == ()
