"""What goes wrong with conditions, functions and runs: codes and Snowflake's texts (fact sheet 3.2, 3.4, 4, 8)."""

from neve.local.errors import SqlError
from neve.local.tasks.unconfirmed import CODE, STATE


def _refuse(message: str, code: int = CODE, sqlstate: str = STATE) -> SqlError:
    return SqlError(code, sqlstate, message)


def bad_condition() -> SqlError:
    return _refuse(
        "Invalid expression for task condition expression. Only some data type conversions and the following "
        "functions are allowed: [SYSTEM$GET_PREDECESSOR_RETURN_VALUE, SYSTEM$STREAM_HAS_DATA]."
    )


def bad_predecessors_state(text: str) -> SqlError:
    return _refuse(f"Invalid value [{text}] for function 'SYSTEM$PREDECESSORS_STATE', parameter 1.")


def outside_task(function: str) -> SqlError:
    return _refuse(f"Function {function} must be called from within a task.")


def too_many_arguments(call: str, expected: int, got: int) -> SqlError:
    text = f"too many arguments for function [{call}] expected {expected}, got {got}"
    return _refuse(f"SQL compilation error: error line 1 at position 7\n{text}", 939, "22023")


def not_enough_arguments(call: str, expected: int, got: int) -> SqlError:
    text = f"not enough arguments for function [{call}], expected {expected}, got {got}"
    return _refuse(f"SQL compilation error: error line 1 at position 7\n{text}", 938, "22023")


def bad_argument(function: str, value: str, must_be: str) -> SqlError:
    return _refuse(f"Invalid value [{value}] for function '{function}', parameter 1: must be {must_be}", 1044, "42P13")


def side_effects(function: str) -> SqlError:
    return _refuse(
        f"Query called from a stored procedure contains a function with side effects [{function}]. "
        "It works in the task's own body, and in a Python procedure with EXECUTE AS CALLER."
    )


def return_value_too_long() -> SqlError:
    return _refuse("Return value of a task cannot be longer than 10 kB.")


def not_a_predecessor(name: str, task: str) -> SqlError:
    return _refuse(f"Task {name} is not an enabled predecessor of task {task}.")


def predecessor_not_named(task: str) -> SqlError:
    return _refuse(
        f"Task {task} does not have exactly one enabled predecessor: name the one whose return value is wanted."
    )


def bad_path(path: str, position: int) -> SqlError:
    return _refuse(f"Invalid extraction path '{path}': unexpected character at position {position}", 2133, "22023")


def result_limit_too_large() -> SqlError:
    return _refuse("Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000).")


def result_limit_too_small() -> SqlError:
    return _refuse("Value for parameter RESULT_LIMIT must be at least 1.")


# Of runs: fact sheet 3.4

CONDITION_FALSE = ("0040003", "Conditional expression for task evaluated to false.")


SYSTEM_ERROR = (603, "XX000")
"""What SUSPEND_TASK_AFTER_NUM_FAILURES does not count (fact sheet 1.2): the task is not to blame."""


def timed_out(seconds: float) -> SqlError:
    text = f"Statement reached its statement or warehouse timeout of {seconds:,g} second(s) and was canceled."
    return _refuse(text, 630, "57014")


def interrupted() -> SqlError:
    text = (
        "The local engine stopped while this task was running: its work may be incomplete. EXECUTE TASK … RETRY LAST "
    )
    return _refuse(text + "resumes from here.", *SYSTEM_ERROR)
