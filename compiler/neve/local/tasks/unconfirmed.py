"""Readings chosen where the fact sheet marks Snowflake's behaviour UNCONFIRMED (its section 12), each in one place."""

CODE = 91000
STATE = "42601"
"""Section 8: the code and SQLSTATE of refusals whose code nobody wrote down (cycle, several roots, WHEN, finalizer)."""

INVALID_PROPERTY = (1420, "22023")
DUPLICATE_PROPERTY = (1410, "42601")
INVALID_VALUE = (1422, "22023")
"""Section 8 gives 001421 and 001422 for values; which refusal carries which is a guess."""

OR_ALTER_TAKES_ALL_OPTIONS = True
"""1.3: options beyond the documented subset of CREATE OR ALTER (TARGET_COMPLETION_INTERVAL …) are accepted, as public
repositories write them. Tags and contacts are refused, as documented."""

IDENTICAL_OR_ALTER_IS_A_CHANGE = True
"""2.4: CREATE OR ALTER with the definition that is there already modifies the graph, so that RETRY LAST is refused."""

RESUMING_A_CHILD_IS_A_CHANGE = True
"""2.4: RESUME and SUSPEND of a child or a finalizer modify the graph; of a root they do not."""

RETRY_CONSIDERS_SKIPPED_BELOW_FAILED = True
"""2.4, 3.9: a retry considers again a task that its own PREDECESSORS_STATE condition skipped below a failed one."""

FINALIZER_COUNTS = True
"""3.5: a finalizer that fails makes its graph run FAILED."""

FAILURES_ARE_COUNTED_PER_GROUP = True
"""3.4: SUSPEND_TASK_AFTER_NUM_FAILURES counts a graph run once, after its automatic retries, and counts from the
last RESUME of the root."""

CONDITION_ERROR_FAILS = True
"""4.1: a WHEN that can't be computed when the task runs makes the task run FAILED."""

SET_RETURN_VALUE_RESULT = "Task Return Value Set."
DEPENDENTS_ENABLE_RESULT = "true"
"""4.2, 2.6: what these functions themselves return."""

UNSET_RETURN_VALUE = None
"""4.3: the return value of a predecessor that never set one is NULL."""

FINALIZER_READS_RETURN_VALUES = False
"""3.5: SYSTEM$GET_PREDECESSOR_RETURN_VALUE fails in a finalizer, which has no predecessor."""

NOT_EXECUTED_IS_TERMINAL = True
"""3.3: a task that was not run is finished for PREDECESSORS_STATE, and counts as neither succeeded, failed nor skipped."""

ALL_PREDECESSORS_SUSPENDED_RUNS = False
"""3.2: a child whose every predecessor is suspended does not run."""
