"""Whatever somebody does to the account by hand: one apply repairs it, or the plan says why not."""

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from neve.deploy.apply import apply, read_plan
from neve.deploy.errors import SqlError

NAMES = ["P", "P$A", "P$B", "P$C", "P$D", "P$END", "Q", "Q$A"]


class Drift(RuleBasedStateMachine):
    """Starts from what was applied. `handled` says that the last change was followed by a plan and an apply."""

    made, project, applied = None, None, None

    def __init__(self):
        super().__init__()
        self.account = self.applied.copy()
        self.handled = True

    def by_hand(self, *statements, member):
        """Do something as a person would: with the root suspended for as long as it takes."""
        root = self.account.root(member) if member in self.account.tasks else None
        running = root is not None and self.account.tasks[root].state == "started"
        try:
            if running:
                self.account.execute(f"ALTER TASK DB.S.{root} SUSPEND")
            for statement in statements:
                self.account.execute(statement)
        except SqlError:
            pass
        if running and root in self.account.tasks:
            self.account.execute(f"ALTER TASK DB.S.{root} RESUME")
        self.handled = False

    @rule(name=st.sampled_from(NAMES))
    def drop(self, name):
        self.by_hand(f"DROP TASK DB.S.{name}", member=name)

    @rule(name=st.sampled_from(NAMES))
    def edit(self, name):
        if name in self.account.tasks:
            self.account.tasks[name].body = "select 'edited'"
            self.handled = False

    @rule(name=st.sampled_from(NAMES))
    def suspend(self, name):
        self.by_hand(f"ALTER TASK DB.S.{name} SUSPEND", member=name)
        if name in self.account.tasks and name in {"P", "Q"}:
            self.account.execute(f"ALTER TASK DB.S.{name} SUSPEND")

    @rule(name=st.sampled_from(NAMES))
    def resume(self, name):
        self.by_hand(f"ALTER TASK DB.S.{name} RESUME", member=name)

    @rule(name=st.sampled_from([n for n in NAMES if "$" in n]), above=st.sampled_from(NAMES))
    def hang_below_another(self, name, above):
        member = self.account.tasks.get(name)
        legal = member and above in self.account.tasks and self.account.root(above) != name
        if legal and not member.finalize and not self.account.tasks[above].finalize and above != name:
            member.after = (above,)
            self.handled = False

    @rule(above=st.sampled_from(NAMES))
    def add_a_task(self, above):
        if above in self.account.tasks and not self.account.tasks[above].finalize:
            sql = f"CREATE OR ALTER TASK DB.S.THEIRS$X COMMENT = 'mine'\n  AFTER DB.S.{above}\nAS select 1"
            self.by_hand(sql, member=above)

    @rule(kept=st.booleans(), kind=st.sampled_from(["PROCEDURE DB.S.P$D()", "VIEW DB.S.V"]))
    def replace(self, kind, kept):
        """By a text of one's own, or by a copy of the script's with its mark."""
        comments, name = (self.account.procedures, "P$D") if "P$D" in kind else (self.account.views, "V")
        mark = comments.get(name, "mine now") if kept else "mine now"
        self.account.execute(f"CREATE OR REPLACE {kind} COMMENT = '{mark}'\nAS select 'edited'")
        self.handled = False

    @rule()
    def drop_a_view(self):
        self.account.views.pop("V", None)
        self.handled = False

    @rule()
    def drop_a_procedure(self):
        self.account.procedures.pop("P$D", None)
        self.handled = False

    @precondition(lambda self: not self.handled)
    @rule()
    def apply(self):
        plan = read_plan(self.made, self.account, self.project)
        theirs = self.account.tasks.get("THEIRS$X")
        if plan.conflicts:
            assert all(change.why for change in plan.conflicts)
            for comments in (self.account.procedures, self.account.views):
                for name in [name for name, comment in comments.items() if comment == "mine now"]:
                    del comments[name]
            self.account.tasks.pop("THEIRS$X", None)
            plan = read_plan(self.made, self.account, self.project)
            assert not plan.conflicts
        if plan.steps:
            apply(plan, self.account)
        if theirs is not None and "THEIRS$X" in self.account.tasks:
            assert self.account.tasks["THEIRS$X"].body == theirs.body
        self.check()
        self.handled = True

    def check(self):
        again = read_plan(self.made, self.account, self.project)
        assert again.steps == ()
        stay = {change.object.rsplit(".", 1)[-1] for change in again.changes if change.drift}
        goal = self.applied.definition()
        tasks, *others = self.account.definition()
        tasks.pop("THEIRS$X", None)
        assert others == list(goal[1:])
        assert tasks.keys() == goal[0].keys()
        for name, task in tasks.items():
            assert task[:-1] == goal[0][name][:-1], name
            assert task[-1] == ("suspended" if name in stay else goal[0][name][-1]), name

    @invariant()
    def nothing_of_others_is_touched(self):
        assert not [sql for sql in self.account.sent if "THEIRS" in sql and "mine" not in sql]


@pytest.fixture
def machine(account, project, script, task):
    made = script(
        {
            "P": {"A": task(), "B": task(("A",)), "C": task(("A",)), "D": task(("B", "C"), python=True)},
            "Q": {"A": task(python=True)},
        },
        finalizers=("P",),
        views={"V": "select 1"},
    )
    apply(read_plan(made, account, project), account)
    assert sorted(account.tasks) == NAMES
    return type("Here", (Drift,), {"made": made, "project": project, "applied": account})


def test_one_apply_repairs_any_drift_or_the_plan_says_why_not(machine):
    test = machine.TestCase
    test.settings = settings(max_examples=150, stateful_step_count=8, deadline=None, derandomize=True)
    test().runTest()
