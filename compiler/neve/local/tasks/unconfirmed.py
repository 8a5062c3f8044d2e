"""Readings chosen where the fact sheet marks Snowflake's behaviour UNCONFIRMED: each is decided here, once.

What is a value stands as a constant; what is part of an algorithm stands in READINGS, which lists all of them.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Reading(NamedTuple):
    section: str
    question: str
    chosen: str


CODE, STATE = 91000, "42601"
INVALID_PROPERTY = (1420, "22023")
DUPLICATE_PROPERTY = (1410, "42601")
INVALID_VALUE = (1422, "22023")
INVALID_PARAMETER = (1008, "22023")
SET_RETURN_VALUE_RESULT = "Task Return Value Set."
DEPENDENTS_ENABLE_RESULT = "true"
UNSET_RETURN_VALUE = None
IDENTICAL_OR_ALTER_IS_A_CHANGE = True
RETRY_CONSIDERS_SKIPPED_BELOW_FAILED = True
FINALIZER_COUNTS = True

READINGS: Sequence[Reading] = (
    Reading("1.1", "options after AFTER", "a syntax error; after WHEN they are read"),
    Reading("1.2", "sizes of CONFIG, COMMENT and the body", "not limited"),
    Reading("1.2", "names longer than 255, tag values longer than 256", "refused; the texts are ours"),
    Reading("1.2", "warehouses, users, integrations that do not exist", "accepted: their names are only recorded"),
    Reading("1.2.4", "a triggered task whose run leaves changes in its stream", "runs again when the stream changes"),
    Reading("1.2.4", "a triggered task whose stream is not there", "runs, and fails, at the next health check"),
    Reading("1.3", "options beyond the documented subset of CREATE OR ALTER", "accepted, but for tags and contacts"),
    Reading("1.4", "links of other tasks to a replaced task", "survive, by name"),
    Reading("2.4", "CREATE OR ALTER that changes nothing", "modifies the graph: RETRY LAST is refused after it"),
    Reading("2.4", "RESUME and SUSPEND of a child or finalizer", "modify the graph; those of the root do not"),
    Reading("2.4", "EXECUTE TASK … AWAIT", "returns the usual status once the run has ended, whatever its state"),
    Reading("2.4", "EXECUTE TASK and the next tick of the schedule", "the tick stays"),
    Reading("2.6", "what SYSTEM$TASK_DEPENDENTS_ENABLE returns", DEPENDENTS_ENABLE_RESULT),
    Reading("3.2", "a join with one SKIPPED predecessor", "does not run, and has no row in TASK_HISTORY"),
    Reading("3.2", "a child whose every predecessor is suspended", "does not run"),
    Reading("3.2", "a CANCELLED predecessor", "its descendants do not run"),
    Reading("3.3", "a task that was not run, for PREDECESSORS_STATE", "done; neither succeeded, failed nor skipped"),
    Reading("3.3", "PREDECESSORS_STATE on a root or finalizer", "accepted: it has no predecessors, so each of none"),
    Reading("3.3", "a failure that another branch handles", "the graph is FAILED all the same"),
    Reading(
        "3.4", "what SUSPEND_TASK_AFTER_NUM_FAILURES counts", "graph runs after their automatic retries, since RESUME"
    ),
    Reading("3.5", "a failing finalizer", "makes the graph FAILED"),
    Reading("3.5", "the finalizer and automatic retries", "runs once an attempt"),
    Reading("3.9", "a retry, and what its own condition skipped below a failed task", "is considered again"),
    Reading("3.9", "return values of tasks that a retry does not run again", "stay readable"),
    Reading("4.1", "a WHEN that can't be computed", "the task run is FAILED"),
    Reading(
        "4.1", "IN, IS NULL, BETWEEN, LIKE and arithmetic in WHEN", "refused: only what the sheet lists is accepted"
    ),
    Reading("4.3", "the return value of a task that set none", "NULL"),
    Reading(
        "4.3", "GET_PREDECESSOR_RETURN_VALUE of a task that is no resumed ancestor", "fails, in a finalizer always"
    ),
    Reading("2.6", "the text of GET_DDL", "a statement that makes the task anew, without its tags"),
    Reading("2.4", "RETRY GRAPH RUN GROUP after the graph was modified", "refused, as RETRY LAST is"),
    Reading("3.3", "TASK_COMPLETION_STATE of a task that runs or waits", "NOT_EXECUTED"),
    Reading("3.4", "failures of the system, such as a killed engine", "FAILED with code 000603; not counted"),
    Reading("8", "GRANT OWNERSHIP to the owner", "changes nothing"),
    Reading("8", "GRANT OWNERSHIP in a started graph", "not refused: what is transferred is suspended"),
    Reading("8", "the notification of success", "one a graph run, of the root, without error fields"),
    Reading("8", "codes of cycle, several roots, WHEN and finalizer refusals", f"{CODE:06d} ({STATE})"),
)
