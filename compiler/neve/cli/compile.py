"""`neve compile`: the project's files become deploy/<target>.sql."""

import difflib
import importlib
from pathlib import Path

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import project_options
from neve.cli.project import Chosen, print_findings, reader
from neve.compile import compile_project
from neve.diagnostics.collect import Findings
from neve.ir import Compiled, Script

_DIFF_LINES = 40


@click.command("compile")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when the script on disk is not up to date.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write here (default: deploy/<target>.sql; - is standard output).")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text",
              show_default=True, help="How to print the findings.")  # fmt: skip
@project_options
def compile_(chosen: Chosen, form: str, out: Path | None, *, check: bool) -> None:
    """Write the deployment script of a target; needs no connection. The same files give the same bytes, anywhere."""
    compiled, findings = compile_project(chosen.root, chosen.target, chosen.vars)
    _print(findings, form, chosen.root)
    if compiled is None or compiled.script is None or findings.errors:
        raise click.exceptions.Exit(Exit.FAILED)
    if str(out) == "-":
        click.echo(compiled.script.text, nl=False)
        return
    path = out or chosen.root / "deploy" / f"{compiled.project.target.name}.sql"
    if check:
        _check(compiled.script, path, form)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(compiled.script.text, encoding="utf-8", newline="\n")
    if form == "text":
        done = "up to date" if check else "wrote"
        click.echo(f"{done} {_short(path)}: {_summary(compiled, compiled.script, findings)}")


def _print(findings: Findings, form: str, root: Path) -> None:
    if form == "text":
        print_findings(findings, root)
        return
    renderer = importlib.import_module(f"neve.diagnostics.{form}")
    click.echo(renderer.render(findings, reader(root)).rstrip("\n"))


def _check(script: Script, path: Path, form: str) -> None:
    """Leave with 1, after a short diff, when the file does not hold this script."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if old == script.text:
        return
    if form == "text":
        name = _short(path)
        texts = old.splitlines(), script.text.splitlines()
        lines = list(difflib.unified_diff(*texts, name, "compiled now", lineterm="", n=1))
        click.echo("\n".join(map(_coloured, lines[:_DIFF_LINES])))
        if len(lines) > _DIFF_LINES:
            click.echo(f"… and {len(lines) - _DIFF_LINES} more lines")
    click.echo(f"{_short(path)} is {'not up to date' if old else 'missing'}; write it with: neve compile", err=True)
    raise click.exceptions.Exit(Exit.FAILED)


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _summary(compiled: Compiled, script: Script, findings: Findings) -> str:
    tasks = sum(statement.kind == "task" for statement in script.statements)
    parts = [
        look.plural(len(compiled.graphs), "graph"),
        look.plural(tasks, "task"),
        look.plural(len(script.statements), "statement"),
    ]
    if findings.warnings:
        parts.append(look.plural(len(findings.warnings), "warning"))
    return ", ".join(parts)
