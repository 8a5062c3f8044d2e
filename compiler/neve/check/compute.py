"""A task runs in a warehouse or serverless, and sizes have an order (fact sheet 1.2)."""

from collections.abc import Mapping

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Related, Say
from neve.ir import Value

CODE = "NEVE406"
_INITIAL = "user_task_managed_initial_warehouse_size"
_LEAST = "serverless_task_min_statement_size"
_MOST = "serverless_task_max_statement_size"
_SERVERLESS = (_INITIAL, _LEAST, _MOST, "target_completion_interval")
_ORDER = ("XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE")


def check(compiling: Compiling, say: Say) -> None:
    for settings in compiling.project.graphs.values():
        _check(settings.options, say)
    for node in compiling.nodes.values():
        _check(node.header.values, say)


def _check(values: Mapping[str, Value], say: Say) -> None:
    warehouse = values.get("warehouse")
    for key in _SERVERLESS:
        if warehouse and key in values and values[key].span.path == warehouse.span.path:
            message = f"`{key}` is for serverless tasks, but this one names a warehouse"
            related = (Related(warehouse.span, "This is the warehouse."),)
            say(Diagnostic(CODE, message, values[key].span, related=related, hint="Remove one of the two."))
    for small, large in ((_LEAST, _INITIAL), (_INITIAL, _MOST), (_LEAST, _MOST)):
        if small in values and large in values and _size(values[small]) > _size(values[large]):
            message = f"`{small}` ({values[small].data}) is larger than `{large}` ({values[large].data})"
            related = (Related(values[large].span, "This one."),)
            hint = f"Make the first smaller or the second larger: {', '.join(_ORDER)}."
            say(Diagnostic(CODE, message, values[small].span, related=related, hint=hint))


def _size(value: Value) -> int:
    return _ORDER.index(str(value.data)) if value.data in _ORDER else 0
