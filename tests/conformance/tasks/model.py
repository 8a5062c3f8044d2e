"""A model of graph runs, from the fact sheet's 3.2 to 3.5 and 3.9 alone: no threads, no clock, no SQL.

A task's fate lists how its body ends, one time after the other; the last ending repeats. Its gate is what WHEN asks.
"""

from collections import Counter
from dataclasses import dataclass, field

DONE, FAILED, CANCELLED, SKIPPED, NOT_RUN = "SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED", "NOT_EXECUTED"
SUSPENDING = "FAILED_AND_AUTO_SUSPENDED"
ROOT, FINALIZER = "R", "F"


@dataclass(frozen=True)
class Constant:
    holds: bool


@dataclass(frozen=True)
class PredecessorsState:
    """Replaces the default gate."""

    condition: str


@dataclass(frozen=True)
class Returned:
    """`task` has set this return value: it sets the number of times that its body has run."""

    task: str
    value: str


@dataclass(frozen=True)
class Completed:
    task: str
    state: str


@dataclass(frozen=True)
class Node:
    predecessors: tuple = ()
    gate: object = None
    fate: tuple = (DONE,)
    is_suspended: bool = False


@dataclass(frozen=True)
class Graph:
    """Children in topological order; `failures` is SUSPEND_TASK_AFTER_NUM_FAILURES."""

    root: Node
    children: dict
    finalizer: Node | None
    retries: int
    failures: int


@dataclass(frozen=True)
class Attempt:
    """`number` counts the attempts of all graph runs."""

    number: int
    cause: str
    state: str
    rows: dict


@dataclass
class Group:
    """The attempts of one graph run; `states` and `values` are what they left."""

    attempts: list = field(default_factory=list)
    states: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)


class Account:
    """What happens to one graph."""

    def __init__(self, graph):
        self.graph = graph
        self.live = {name: node for name, node in graph.children.items() if not node.is_suspended}
        self.ran = Counter()
        self.groups = []
        self.is_started = True
        self.attempts = self.resumed_at = 0

    def resume(self):
        if not self.is_started:
            self.is_started, self.resumed_at = True, self.attempts

    def run(self):
        group = Group()
        self.groups.append(group)
        self._attempts(group, "EXECUTE TASK")

    def retry(self):
        """The error code of the refusal, or None."""
        group = next((group for group in reversed(self.groups) if group.attempts[-1].state != SKIPPED), None)
        if group is None:
            return 91457
        if group.attempts[-1].state == DONE:
            return 91456
        self._attempts(group, "MANUAL RETRY")
        return None

    def _attempts(self, group, cause):
        left = self.graph.retries
        while True:
            self._attempt(group, cause)
            if group.attempts[-1].state != FAILED or not left:
                break
            left, cause = left - 1, "AUTOMATIC RETRY"
        if group.attempts[-1].state == FAILED and self.is_started and self.graph.failures:
            self._suspend(group)

    def _attempt(self, group, cause):
        kept = self._kept(group.states)
        group.states = dict(kept)
        if ROOT not in kept:
            is_wanted = self.graph.root.gate is None or self.graph.root.gate.holds
            group.states[ROOT] = self._body(group, ROOT, self.graph.root) if is_wanted else SKIPPED
        if group.states[ROOT] != SKIPPED:
            for name, node in self.live.items():
                if name not in kept:
                    group.states[name] = self._consider(group, name, node)
            if self.graph.finalizer and not self.graph.finalizer.is_suspended:
                group.states[FINALIZER] = self._body(group, FINALIZER, self.graph.finalizer)
        rows = {name: state for name, state in group.states.items() if name not in kept and state != NOT_RUN}
        group.attempts.append(Attempt(self.attempts, cause, overall(group.states), rows))
        self.attempts += 1

    def _kept(self, before):
        """What a retry does not look at again: successes, and skips that are not below what runs anew."""
        again = {name for name, state in before.items() if state in {FAILED, CANCELLED}}
        for name, node in self.live.items():
            if before.get(name) != DONE and again & set(node.predecessors):
                again.add(name)
        return {
            name: state
            for name, state in before.items()
            if state in {DONE, SKIPPED} and name not in again and name != FINALIZER
        }

    def _consider(self, group, name, node):
        above = [group.states[p] for p in node.predecessors if p == ROOT or p in self.live]
        has_own_gate = isinstance(node.gate, PredecessorsState)
        if not above or (not has_own_gate and any(state != DONE for state in above)):
            return NOT_RUN
        match node.gate:
            case Constant(holds):
                is_wanted = holds
            case PredecessorsState(condition):
                is_wanted = predecessors(condition, above)
            case Returned(task, value):
                if task not in self._ancestors(name):
                    return FAILED
                is_wanted = group.values.get(task) == value
            case Completed(task, state):
                is_wanted = group.states.get(task, NOT_RUN) == state
            case None:
                is_wanted = True
        return self._body(group, name, node) if is_wanted else SKIPPED

    def _body(self, group, name, node):
        ending = node.fate[min(self.ran[name], len(node.fate) - 1)]
        self.ran[name] += 1
        group.values[name] = str(self.ran[name]) if ending == DONE else None
        return ending

    def _ancestors(self, name):
        if name == ROOT or name not in self.live:
            return set()
        above = {p for p in self.live[name].predecessors if p == ROOT or p in self.live}
        return above.union(*map(self._ancestors, above))

    def _suspend(self, group):
        attempt = group.attempts[-1]
        for name, state in attempt.rows.items():
            if state == FAILED and self._failures(name) >= self.graph.failures:
                attempt.rows[name] = SUSPENDING
                self.is_started = False

    def _failures(self, name):
        """In how many graph runs in a row the task failed, by its last attempt in each, since RESUME."""
        count = 0
        for group in reversed(self.groups):
            attempts = [attempt for attempt in group.attempts if attempt.number >= self.resumed_at]
            last = [attempt.rows[name] for attempt in attempts if name in attempt.rows][-1:]
            if last == [DONE]:
                break
            count += last in ([FAILED], [SUSPENDING])
        return count


def overall(states):
    if states[ROOT] == SKIPPED:
        return SKIPPED
    ended = set(states.values())
    return FAILED if FAILED in ended else CANCELLED if CANCELLED in ended else DONE


def predecessors(condition, states):
    """SYSTEM$PREDECESSORS_STATE."""
    failed, skipped, done = (states.count(state) for state in (FAILED, SKIPPED, DONE))
    return {
        "ALL_SUCCEEDED": done == len(states),
        "ALL_FAILED": failed == len(states),
        "ALL_DONE": True,
        "ALL_SKIPPED": skipped == len(states),
        "AT_LEAST_ONE_FAILED": failed > 0,
        "AT_LEAST_ONE_SUCCEEDED": done > 0,
        "NONE_FAILED": done + skipped == len(states),
        "NONE_FAILED_MIN_ONE_SUCCEEDED": done + skipped == len(states) and done > 0,
        "NONE_SKIPPED": done + failed == len(states),
    }[condition]
