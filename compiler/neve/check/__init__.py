"""What Snowflake would refuse, and what would go wrong in a run: a rule a file, listed here."""

from collections.abc import Callable

from neve.check import (
    bodies,
    branches,
    columns,
    compute,
    conditions,
    contracts,
    dollars,
    finalizers,
    limits,
    local,
    materialized,
    models,
    names,
    parameters,
    races,
    root_only,
    schedules,
    starts,
    streams,
    unreachable,
)
from neve.check.context import Compiling
from neve.diagnostics.model import Say

RULES: tuple[Callable[[Compiling, Say], None], ...] = (
    models.check,
    materialized.check,
    unreachable.check,
    names.check,
    streams.check,
    schedules.check,
    root_only.check,
    conditions.check,
    dollars.check,
    finalizers.check,
    compute.check,
    parameters.check,
    limits.check,
    local.check,
    races.check,
    starts.check,
    bodies.check,
    contracts.check_returned,
    contracts.check_config,
    branches.check,
    columns.check,
)
TEXT_RULES = (models.check, dollars.check, bodies.check)
"""Those of RULES that look at a node's own text, and so have to look again when only that has changed."""


def check(compiling: Compiling, say: Say) -> None:
    """Say everything that the rules find."""
    for rule in RULES:
        rule(compiling, say)


__all__ = ["RULES", "TEXT_RULES", "Compiling", "check"]
