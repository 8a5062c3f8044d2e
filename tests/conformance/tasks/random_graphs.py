"""Random graphs as hypothesis draws them, and how they are told to an engine."""

from hypothesis import strategies as st
from tests.conformance.tasks import model
from tests.conformance.tasks.model import (
    CANCELLED,
    DONE,
    FAILED,
    FINALIZER,
    NOT_RUN,
    ROOT,
    SKIPPED,
    Completed,
    Constant,
    Graph,
    Node,
    PredecessorsState,
    Returned,
)

CONDITIONS = (
    "ALL_SUCCEEDED", "ALL_FAILED", "ALL_DONE", "ALL_SKIPPED", "AT_LEAST_ONE_FAILED", "AT_LEAST_ONE_SUCCEEDED",
    "NONE_FAILED", "NONE_FAILED_MIN_ONE_SUCCEEDED", "NONE_SKIPPED",
)  # fmt: skip
ENDINGS = st.sampled_from([DONE, DONE, DONE, FAILED, FAILED, CANCELLED])
FATES = st.one_of(st.just((DONE,)), st.lists(ENDINGS, min_size=1, max_size=4).map(tuple))
ACTIONS = st.lists(st.sampled_from(["run", "run", "retry", "retry", "resume"]), max_size=4).map(
    lambda more: ["run", *more]
)


@st.composite
def graphs(draw):
    names = [f"T{place}" for place in range(draw(st.integers(0, 6)))]
    children = {}
    for place, name in enumerate(names):
        above = draw(st.lists(st.sampled_from([ROOT, *names[:place]]), unique=True, min_size=1, max_size=3))
        gate = draw(gates(sorted({ROOT, *_ancestors(children, above)})))
        children[name] = Node(tuple(above), gate, draw(FATES), draw(st.integers(0, 6)) == 0)
    is_skipped = draw(st.integers(0, 15)) == 0
    return Graph(
        root=Node(gate=Constant(holds=False) if is_skipped else None, fate=draw(FATES)),
        children=children,
        finalizer=draw(st.sampled_from([None, Node(is_suspended=True)]) | FATES.map(lambda fate: Node(fate=fate))),
        retries=draw(st.sampled_from([0, 0, 1, 2])),
        failures=draw(st.sampled_from([0, 1, 2, 3])),
    )


def gates(ancestors):
    """What a WHEN may ask; only of ancestors, whose states are settled."""
    return st.one_of(
        st.none(),
        st.none(),
        st.booleans().map(Constant),
        st.sampled_from(CONDITIONS).map(PredecessorsState),
        st.builds(Returned, st.sampled_from(ancestors), st.sampled_from(["1", "2"])),
        st.builds(Completed, st.sampled_from(ancestors), st.sampled_from([DONE, FAILED, SKIPPED, NOT_RUN])),
    )


def _ancestors(children, names):
    """These and what is above them, but for what is above suspended tasks alone: nothing waits for that."""
    followed = [children[name] for name in names if name != ROOT and not children[name].is_suspended]
    return set(names).union(*(_ancestors(children, node.predecessors) for node in followed))


def condition(gate):
    match gate:
        case Constant(holds):
            return "1 = 1" if holds else "1 = 2"
        case PredecessorsState(name):
            return f"SYSTEM$PREDECESSORS_STATE('{name}')"
        case Returned(task, value):
            return f"SYSTEM$GET_PREDECESSOR_RETURN_VALUE('{task}') = '{value}'"
        case Completed(task, state):
            return f"SYSTEM$TASK_COMPLETION_STATE('{task}') = '{state}'"


def statements(graph, body="SELECT 1"):
    """What makes the graph, its root started."""
    options = f"TASK_AUTO_RETRY_ATTEMPTS = {graph.retries} SUSPEND_TASK_AFTER_NUM_FAILURES = {graph.failures}"
    yield _create(ROOT, options, graph.root, body)
    for name, node in graph.children.items():
        yield _create(name, f"AFTER {', '.join(node.predecessors)}", node, body)
    if graph.finalizer:
        yield _create(FINALIZER, f"FINALIZE = {ROOT}", graph.finalizer, body)
    below = {**graph.children, **({FINALIZER: graph.finalizer} if graph.finalizer else {})}
    yield from (f"ALTER TASK {name} RESUME" for name, node in below.items() if not node.is_suspended)
    yield f"ALTER TASK {ROOT} RESUME"


def _create(name, options, node, body):
    when = f"WHEN {condition(node.gate)} " if node.gate else ""
    return f"CREATE TASK {name} {options} {when}AS {body}"


def expected(graph, actions):
    """The model's account after these actions, and the refusals that retries met."""
    account = model.Account(graph)
    refusals = [account.retry() if action == "retry" else getattr(account, action)() for action in actions]
    return account, refusals
