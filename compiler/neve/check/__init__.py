"""Snowflake's rules, races, and contracts between tasks: a rule a file, listed here."""

from collections.abc import Callable, Mapping

from neve.diagnostics.model import Say
from neve.ir import Project, TaskGraph
from neve.resolve import Resolved, Where


def check(project: Project, resolved: Resolved, graphs: Mapping[str, TaskGraph], where: Where, say: Say) -> None:
    """Say everything that Snowflake would refuse, or that would go wrong in a run."""
    for rule in RULES:
        rule(project, resolved, graphs, where, say)


Rule = Callable[[Project, Resolved, Mapping[str, TaskGraph], Where, Say], None]
RULES: tuple[Rule, ...] = ()
