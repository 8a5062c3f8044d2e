"""Refusals of task statements: code, SQLSTATE, Snowflake's text (fact sheet 1.2, 2, 8).

A task is named in full (`DB.S.T`) or by its simple name, as Snowflake's own message does.
"""

from neve.local.errors import SqlError, already_exists, compilation_error, not_exist
from neve.local.tasks.unconfirmed import (
    CODE,
    DUPLICATE_PROPERTY,
    INVALID_PARAMETER,
    INVALID_PROPERTY,
    INVALID_VALUE,
    STATE,
)


def _refuse(message: str, code: int = CODE, sqlstate: str = STATE) -> SqlError:
    return SqlError(code, sqlstate, message)


# Of objects


def no_task(name: str) -> SqlError:
    return not_exist("Task", name)


def task_exists(name: str) -> SqlError:
    return already_exists(name)


def name_too_long(name: str) -> SqlError:
    return compilation_error(f"Object name '{name}' exceeds maximum length limit of 255 characters.", CODE, STATE)


def tag_value_too_long(tag: str) -> SqlError:
    return compilation_error(f"The value of tag '{tag}' exceeds maximum length limit of 256 characters.", CODE, STATE)


# Of options: fact sheet 1.2


def not_in_or_alter(what: str) -> SqlError:
    return compilation_error(f"CREATE OR ALTER TASK cannot set a {what}: use ALTER TASK ... SET {what}.", CODE, STATE)


def unknown_property(name: str) -> SqlError:
    return compilation_error(f"invalid property '{name}' for 'TASK'", *INVALID_PROPERTY)


def duplicate_property(name: str) -> SqlError:
    return compilation_error(f"duplicate property '{name}';", *DUPLICATE_PROPERTY)


def bad_property(name: str, value: str) -> SqlError:
    return compilation_error(f"invalid value '{value}' for property '{name}'", *INVALID_VALUE)


def bad_parameter(name: str, value: str) -> SqlError:
    return compilation_error(f"invalid value [{value}] for parameter '{name}'", *INVALID_PARAMETER)


def not_serverless(option: str) -> SqlError:
    return _refuse(f"Cannot set {option} on a non-serverless task.")


def completion_not_serverless(task: str) -> SqlError:
    text = f"TARGET_COMPLETION_INTERVAL is only allowed for serverless Tasks. {task} is not a serverless task."
    return _refuse(text, 91857, "42601")


def min_above_max(least: str, most: str) -> SqlError:
    return _refuse(
        f"SERVERLESS_TASK_MIN_STATEMENT_SIZE ({least}) cannot be greater than "
        f"SERVERLESS_TASK_MAX_STATEMENT_SIZE ({most})."
    )


def initial_below_min(initial: str, least: str) -> SqlError:
    return _refuse(
        f"USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE ({initial}) cannot be less than "
        f"SERVERLESS_TASK_MIN_STATEMENT_SIZE ({least})."
    )


def initial_above_max(initial: str, most: str) -> SqlError:
    return _refuse(
        f"USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE ({initial}) cannot be greater than "
        f"SERVERLESS_TASK_MAX_STATEMENT_SIZE ({most})."
    )


def overlap_conflict() -> SqlError:
    return _refuse(
        "Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command."
    )


def overlap_on_child(task: str) -> SqlError:
    return _refuse(f"Cannot set overlap policy on non-root task {task}.")


def overlapping_on_child(task: str) -> SqlError:
    return _refuse(f"Cannot set allow_overlapping_execution on non-root task {task}.")


def config_on_child(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot both be a non-root task and have a config.")


def bad_config() -> SqlError:
    return _refuse("Invalid config. Must be a string representation of a valid JSON Object.")


def retries_on_child(task: str) -> SqlError:
    return _refuse(
        f"Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task {task}. Non-root tasks use the parameter "
        "setting from their root task. Please set this on the root task for this task instead."
    )


def parameter_not_supported(name: str) -> SqlError:
    return _refuse(f"The parameter {name} is not supported with Tasks. Remove the parameter and try again.")


def bad_log_level() -> SqlError:
    return _refuse("Invalid value for log level. Allowed values are TRACE,DEBUG,INFO,WARN,ERROR,FATAL,OFF.")


def bad_trace_level() -> SqlError:
    return _refuse("Invalid value for trace level. Allowed values are ALWAYS,ON_EVENT,PROPAGATE,OFF.")


def statement_timeout_out_of_range(value: str) -> SqlError:
    text = f"SQL compilation error: \nparameter value out of range: {value}. Must be between 0 and 604,800."
    return _refuse(text, *INVALID_PARAMETER)


# Of schedules: fact sheet 1.2.1


def bad_schedule() -> SqlError:
    return _refuse(
        "Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule.", 91093, "22023"
    )


def bad_zone(zone: str) -> SqlError:
    return _refuse(
        f'Invalid schedule was specified. "{zone}" is not a recognized time zone. Please specify time zones accepted '
        "by the TIMEZONE parameter."
    )


def no_valid_time() -> SqlError:
    return _refuse("No valid time could be found under the schedule and/or interval specified")


def schedule_too_short() -> SqlError:
    return _refuse("Cannot set schedule less than 10 seconds.")


def schedule_too_long() -> SqlError:
    return _refuse("Cannot set schedule greater than 11,520 minutes.")


def bad_completion_interval(text: str) -> SqlError:
    return bad_parameter("TARGET_COMPLETION_INTERVAL", text)


# Of graphs: fact sheet 1.2.2 and 2.1


def invalid_predecessor(name: str) -> SqlError:
    return _refuse(f"Invalid predecessor {name} was specified.", 91085, "42601")


def foreign_predecessor(name: str) -> SqlError:
    return _refuse(f"Cannot have predecessor {name} from a different schema.")


def own_predecessor(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot use itself as its predecessor.")


def schedule_and_predecessor(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot have both a schedule and a predecessor.", 91400, "42601")


def no_such_predecessor(task: str, predecessor: str) -> SqlError:
    return _refuse(f"Task {task} does not have predecessor {predecessor}.")


def invalid_finalized(name: str) -> SqlError:
    return _refuse(f"Invalid finalized root task {name} was specified.")


def foreign_finalized(name: str) -> SqlError:
    return _refuse(f"Cannot finalize graph {name} in a different schema.")


def finalizes_non_root(task: str, target: str) -> SqlError:
    return _refuse(f"Task {task} cannot finalize a non-root task {target}.")


def finalizes_itself(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot finalize itself.")


def has_finalizer(root: str) -> SqlError:
    return _refuse(f"Finalize target {root} already have finalizer.")


def scheduled_finalizer(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot have a schedule and be a finalizer task.")


def finalizer_with_predecessors(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot have predecessors as a finalizer task.")


def finalizer_with_children(task: str) -> SqlError:
    return _refuse(f"Task {task} cannot have children as a finalizer task.")


def finalized_child() -> SqlError:
    return _refuse(
        "This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding a "
        "predecessor."
    )


def replaces_finalized_root(task: str) -> SqlError:
    return _refuse(
        f"Cannot replace task {task} with a non-root task because it has a finalizer task. Please remove the "
        "finalizer task first."
    )


def cycle(task: str) -> SqlError:
    return _refuse(f"Graph has at least one cycle containing task {task}.")


def several_roots() -> SqlError:
    return _refuse("The graph has more than one root task (one without predecessors).")


def too_many_tasks(root: str) -> SqlError:
    return _refuse(f"The graph with root task {root} has more than 1,000 tasks.")


def too_many_predecessors(task: str) -> SqlError:
    return _refuse(f"Task {task} has more than 100 predecessors.")


def too_many_children(task: str) -> SqlError:
    return _refuse(f"Task {task} has more than 100 children.")


def root_not_suspended(root: str) -> SqlError:
    text = f"Unable to update graph with root task {root} since that root task is not suspended."
    return _refuse(text, 91421, "22000")


# Of EXECUTE TASK: fact sheet 2.4


def execute_non_root(task: str) -> SqlError:
    return _refuse(
        f"Execute task cannot be called on non-root task {task}. Call EXECUTE TASK on the root task of its graph "
        "instead.",
        91435,
        "22000",
    )


def nothing_to_retry(root: str) -> SqlError:
    return _refuse(f"Cannot perform retry: no suitable run of graph with root task {root} to retry.", 91457, "22000")


def no_failures(group: str, attempt: int, root: str) -> SqlError:
    return _refuse(
        f"Cannot perform retry: run (GRAPH_RUN_GROUP_ID = {group}, attempt = {attempt}) of graph with root task "
        f"{root} had no failures.",
        91456,
        "22000",
    )


def no_run_group(group: str) -> SqlError:
    return _refuse(f"Cannot perform retry: Graph run group with ID {group} not found.", 91457, "22000")
