"""What a graph run does next: a pure function over the states of its tasks (fact sheet 3.2, 3.5, 3.9)."""

from collections.abc import Mapping
from dataclasses import dataclass

from neve.local.tasks.states import FAILURES, UNFINISHED, State
from neve.local.tasks.unconfirmed import FINALIZER_COUNTS, RETRY_CONSIDERS_SKIPPED_BELOW_FAILED

Predecessors = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A frozen graph without its suspended tasks, which are transparent.

    `predecessors` gives for each child, in topological order, those of its predecessors that are resumed. `own_gate`
    names the children whose WHEN asks SYSTEM$PREDECESSORS_STATE, which replaces the default gate.
    """

    root: str
    predecessors: Predecessors
    own_gate: frozenset[str] = frozenset()
    finalizer: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Tasks to start now, tasks that will not run, and the state of the graph once nothing is left to do."""

    start: tuple[str, ...] = ()
    not_executed: tuple[str, ...] = ()
    outcome: State | None = None


def decide(shape: Shape, states: Mapping[str, State]) -> Step:
    """The next step, given the state of each task that was started or decided before."""
    root = states.get(shape.root)
    if root is None:
        return Step(start=(shape.root,))
    if root is State.SKIPPED:
        return Step(outcome=State.SKIPPED)
    known, start = dict(states), []
    for name, predecessors in shape.predecessors.items():
        if name in known:
            continue
        verdict = _gate([known.get(p) for p in predecessors], has_own_gate=name in shape.own_gate)
        if verdict is State.EXECUTING:
            start.append(name)
        elif verdict is State.NOT_EXECUTED:
            known[name] = verdict
    not_executed = tuple(name for name in known if name not in states)
    if start or any(state in UNFINISHED for state in known.values()):
        return Step(tuple(start), not_executed)
    if shape.finalizer is not None and shape.finalizer not in known:
        return Step((shape.finalizer,), not_executed)
    counted = {name: state for name, state in known.items() if FINALIZER_COUNTS or name != shape.finalizer}
    return Step((), not_executed, outcome(counted))


def _gate(predecessors: list[State | None], *, has_own_gate: bool) -> State | None:
    """EXECUTING when a child may be considered now, NOT_EXECUTED when never, None when it must wait."""
    if not predecessors:
        return State.NOT_EXECUTED
    if any(state is None or state in UNFINISHED for state in predecessors):
        return None
    if has_own_gate or all(state is State.SUCCEEDED for state in predecessors):
        return State.EXECUTING
    return State.NOT_EXECUTED


def outcome(states: Mapping[str, State]) -> State:
    """The state of a graph run whose tasks ended in `states`."""
    ended = set(states.values())
    if ended & FAILURES:
        return State.FAILED
    return State.CANCELLED if State.CANCELLED in ended else State.SUCCEEDED


def kept_for_retry(shape: Shape, states: Mapping[str, State]) -> dict[str, State]:
    """The states that the next attempt starts from: what failed or was cancelled, and what waited for it, runs anew."""
    redo = {name for name, state in states.items() if state in FAILURES or state is State.CANCELLED}
    kept = {}
    for name in (shape.root, *shape.predecessors):
        state = states.get(name)
        is_below = any(p in redo for p in shape.predecessors.get(name, ()))
        if state is State.SKIPPED and is_below and RETRY_CONSIDERS_SKIPPED_BELOW_FAILED:
            redo.add(name)
        elif state in {State.SUCCEEDED, State.SKIPPED}:
            kept[name] = State(state)
        elif is_below:
            redo.add(name)
    return kept
