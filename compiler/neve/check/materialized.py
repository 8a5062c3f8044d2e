"""Keys that a materialization needs, or has no use for; and queries of what reads itself."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say, Severity, Span
from neve.ir import Node, Target

MISSING = "NEVE108"
NO_USE = "NEVE113"
ITSELF = "NEVE305"
_ONLY_FOR = {
    "unique_key": {"incremental"},
    "incremental_strategy": {"incremental"},
    "cluster_by": {"table", "incremental"},
    "transient": {"table", "incremental"},
    "secure": {"view"},
    "target_lag": {"dynamic_table"},
    "refresh_mode": {"dynamic_table"},
    "initialize": {"dynamic_table"},
}
_QUERIES = {"view": "view", "ephemeral": "ephemeral model", "dynamic_table": "dynamic table"}


def check(compiling: Compiling, say: Say) -> None:
    for node in compiling.nodes.values():
        if node.materialized is not None:
            _strategy(node, say)
            _warehouse(compiling.project.target, node, say)
            _no_use(node, node.materialized, say)
            _reads_itself(compiling, node, say)


def _strategy(node: Node, say: Say) -> None:
    value = node.header.values.get("incremental_strategy")
    if value and node.materialized == "incremental" and value.data != "append" and not node.header.get("unique_key"):
        message = f"`incremental_strategy: {value.data}` needs a `unique_key`: by what would old rows be found"
        say(Diagnostic(MISSING, message, value.span, hint="Add `unique_key: ...`, a column or a list of them."))


def _warehouse(target: Target, node: Node, say: Say) -> None:
    """Snowflake refreshes dynamic tables in a warehouse only; the local engine has none."""
    on_account = node.materialized == "dynamic_table" and target.engine != "local"
    if on_account and not node.header.get("warehouse") and not target.warehouse:
        value = node.header.values.get("materialized")
        message = f"A dynamic table needs a warehouse, and the target `{target.name}` names none"
        hint = "Add `warehouse: ...` to the target in project.yml, or here."
        say(Diagnostic(MISSING, message, value.span if value else Span(node.file.path), hint=hint))


def _no_use(node: Node, materialized: str, say: Say) -> None:
    """Keys of the file's own; those of a folder's defaults are there for the files that have a use for them."""
    for key, kinds in _ONLY_FOR.items():
        value = node.header.values.get(key)
        if value and value.span.path == node.file.path and materialized not in kinds:
            meant = " or ".join(f"`materialized: {kind}`" for kind in sorted(kinds))
            message = f"`{key}` does nothing here: this model is `materialized: {materialized}`"
            hint = f"Remove it, or say {meant}."
            say(Diagnostic(NO_USE, message, value.span, Severity.WARNING, hint))


def _reads_itself(compiling: Compiling, node: Node, say: Say) -> None:
    """A table can be made anew from what it holds; what is but a query cannot."""
    what = _QUERIES.get(node.materialized or "")
    own = [reference for reference, relation in node.links if relation == node.relation]
    if what and own:
        hint = "Write the name of another table, or `materialized: table`."
        say(Diagnostic(ITSELF, f"This {what} reads itself", compiling.place(node, own[0]), hint=hint))
