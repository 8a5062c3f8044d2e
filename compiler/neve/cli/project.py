"""From a folder and a target to what the verbs work on; the findings go to standard error on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neve.cli.exits import Exit

if TYPE_CHECKING:
    from neve.diagnostics.collect import Findings
    from neve.ir import Compiled, Project


@dataclass(frozen=True, slots=True)
class Chosen:
    """The project and target that the command line chose; `target` None is the project's default."""

    root: Path
    target: str | None
    vars: Mapping[str, Any]


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upward, that holds a project.yml; `start` itself when none does."""
    return next((folder for folder in (start, *start.parents) if (folder / "project.yml").is_file()), start)


def load(chosen: Chosen) -> "Project":
    """project.yml alone, as the target sees it. Leaves with exit code 1 when it has errors."""
    from neve.diagnostics.collect import Findings
    from neve.project import load_project

    findings = Findings()
    project = load_project(chosen.root, chosen.target, chosen.vars, findings)
    if project is None or findings.errors:
        print_findings(findings, chosen.root)
        raise click.exceptions.Exit(Exit.FAILED)
    return project


def compile_or_leave(chosen: Chosen) -> "Compiled":
    """The whole project, compiled. Prints the findings; leaves with exit code 1 when one is an error."""
    from neve.cache.project import Cache
    from neve.compile import compile_project

    compiled, findings = compile_project(chosen.root, chosen.target, chosen.vars, Cache(chosen.root))
    if compiled is None or compiled.script is None or findings.errors:
        print_findings(findings, chosen.root)
        raise click.exceptions.Exit(Exit.FAILED)
    return compiled


def print_findings(findings: "Findings", root: Path) -> None:
    """All findings as text, on standard error."""
    from neve.diagnostics import text
    from neve.discover import reader

    if findings:
        click.echo(text.render(findings, reader(root), colour=True).rstrip("\n"), err=True)
