"""Fact sheet 3.9: the run algorithm, against a small independent model."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neve.local.tasks.decide import Shape, Step, decide, kept_for_retry
from neve.local.tasks.states import CONDITIONS, State

pytestmark = pytest.mark.fact("3.9")

ENDS = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


def test_step_by_step():
    shape = Shape("R", {"A": ("R",), "B": ("R",), "C": ("A", "B")}, finalizer="F")
    assert decide(shape, {}) == Step(start=("R",))
    states = {"R": State.SUCCEEDED}
    assert decide(shape, states) == Step(start=("A", "B"))
    states |= {"A": State.FAILED, "B": State.EXECUTING}
    assert decide(shape, states) == Step()
    states["B"] = State.SUCCEEDED
    assert decide(shape, states) == Step(start=("F",), not_executed=("C",))
    states |= {"C": State.NOT_EXECUTED, "F": State.SUCCEEDED}
    assert decide(shape, states) == Step(outcome=State.FAILED)
    assert kept_for_retry(shape, states) == {"R": State.SUCCEEDED, "B": State.SUCCEEDED}


def test_a_skipped_root_ends_it_all():
    shape = Shape("R", {"A": ("R",)}, finalizer="F")
    assert decide(shape, {"R": State.SKIPPED}) == Step(outcome=State.SKIPPED)


@st.composite
def graphs(draw):
    """A shape; for each child the predecessors condition of its own, if any; and how each task would end."""
    names = [f"T{i}" for i in range(draw(st.integers(0, 7)))]
    predecessors = {}
    for place, name in enumerate(names):
        candidates = ["R", *names[:place]]
        predecessors[name] = tuple(draw(st.lists(st.sampled_from(candidates), unique=True, max_size=3)))
    conditions = {name: draw(st.sampled_from(sorted(CONDITIONS))) for name in names if draw(st.integers(0, 3)) == 0}
    finalizer = draw(st.sampled_from([None, "F"]))
    shape = Shape("R", predecessors, frozenset(conditions), finalizer)
    return shape, conditions


class World:
    """Ends tasks as it likes, and counts what was started."""

    def __init__(self, data, shape, conditions):
        self.data, self.shape, self.conditions = data, shape, conditions
        self.starts = Counter()
        self.fates = {}

    def fate(self, name, states):
        """How a task that is considered ends: its own condition skips it, or WHEN does, or its body ends."""
        condition = self.conditions.get(name)
        if condition and not CONDITIONS[condition]([states[p] for p in self.shape.predecessors[name]]):
            return State.SKIPPED
        if name not in self.fates:
            self.fates[name] = self.data.draw(st.sampled_from([*ENDS, State.SUCCEEDED, State.SKIPPED]), label=name)
        return self.fates[name]

    def conduct(self, states):
        """Lets `decide` lead, with the running tasks ending in any order."""
        running = []
        while True:
            step = decide(self.shape, states)
            for name in step.not_executed:
                assert name not in states
                states[name] = State.NOT_EXECUTED
            if step.outcome is not None:
                assert not running
                return step.outcome
            for name in step.start:
                assert states.get(name) is None, "a task is started once"
                assert all(states[p] is not State.EXECUTING for p in self.shape.predecessors.get(name, ()))
                states[name] = State.EXECUTING
                running.append(name)
                self.starts[name] += 1
            assert running, "there is always something to wait for"
            name = running.pop(self.data.draw(st.integers(0, len(running) - 1)))
            states[name] = self.fate(name, states)


def model(world, before):
    """Every task's state, computed one after the other: the independent reading of 3.9."""
    shape, states = world.shape, dict(before)
    states["R"] = before.get("R") or world.fates["R"]
    if states["R"] is State.SKIPPED:
        return states, State.SKIPPED
    for name, predecessors in shape.predecessors.items():
        if name in before:
            continue
        above = [states[p] for p in predecessors]
        if not above or (name not in world.conditions and set(above) != {State.SUCCEEDED}):
            states[name] = State.NOT_EXECUTED
        else:
            states[name] = world.fate(name, states)
    if shape.finalizer:
        states["F"] = world.fates["F"]
    ended = list(states.values())
    if State.FAILED in ended:
        return states, State.FAILED
    return states, State.CANCELLED if State.CANCELLED in ended else State.SUCCEEDED


@settings(max_examples=400, deadline=None)
@given(st.data(), graphs())
def test_any_graph_ends_as_the_model_says_in_any_order(data, graph):
    world = World(data, *graph)
    states = {}
    outcome = world.conduct(states)
    assert (states, outcome) == model(world, {})
    assert set(world.starts.values()) <= {1}
    if outcome is not State.SKIPPED:
        assert states.keys() == {"R", *world.shape.predecessors, *filter(None, [world.shape.finalizer])}


@settings(max_examples=400, deadline=None)
@given(st.data(), graphs())
def test_a_retry_repeats_what_did_not_succeed_and_nothing_else(data, graph):
    world = World(data, *graph)
    first = {}
    outcome = world.conduct(first)
    if outcome not in {State.FAILED, State.CANCELLED}:
        return
    kept = kept_for_retry(world.shape, first)
    succeeded = {name for name, state in first.items() if state is State.SUCCEEDED and name != "F"}
    assert {name for name, state in kept.items() if state is State.SUCCEEDED} == succeeded
    assert not set(kept.values()) - {State.SUCCEEDED, State.SKIPPED}
    world.starts.clear()
    world.fates = {name: fate for name, fate in world.fates.items() if first[name] is State.SKIPPED and name in kept}
    second = dict(kept)
    world.conduct(second)
    assert not succeeded & world.starts.keys()
    assert second == model(world, kept)[0]
