"""`neve compile`: the project's files become deploy/<target>.sql."""

import difflib
import importlib
import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from neve.cache.digests import digest_stream
from neve.cache.project import Cache, Outcome
from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import project_options
from neve.cli.project import Chosen, print_findings
from neve.diagnostics.collect import Findings
from neve.diagnostics.model import in_folder
from neve.discover import reader

_DIFF_LINES = 40
_PART = 1 << 20
_Text = Callable[[], Iterable[bytes]]
"""A script, a part at a time."""


@click.command("compile")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when the script on disk is not up to date.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write here (default: deploy/<target>.sql; - is standard output).")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text",
              show_default=True, help="How to print the findings.")  # fmt: skip
@project_options
def compile_(chosen: Chosen, form: str, out: Path | None, *, check: bool) -> None:
    """Write the deployment script of a target; needs no connection. The same files give the same bytes, anywhere."""
    cache = Cache(chosen.root)
    outcome, script = cache.recall(chosen.target, chosen.vars), None
    if outcome is None and not check and str(out) != "-":
        outcome, script = _patch(chosen, cache, out)
    if outcome is None or not (script or outcome.script is None or _holds(_path(chosen, outcome, out), outcome)):
        outcome, script = _compile(chosen, cache)
    findings = Findings()
    for found in outcome.findings:
        findings(found)
    _print(findings, form, chosen.root)
    if outcome.script is None:
        raise click.exceptions.Exit(Exit.FAILED)
    if script is not None and str(out) == "-":
        click.echo(b"".join(script()), nl=False)
        return
    path = _path(chosen, outcome, out)
    written = script is not None and not _holds(path, outcome)
    if script is not None and written:
        _write(script, path, form, again=_again(chosen, out), check=check)
    if form == "text":
        done = f"wrote {_short(path)}" if written else f"{_short(path)} is up to date"
        click.echo(f"{done}: {_summary(outcome, findings)}")


def _patch(chosen: Chosen, cache: Cache, out: Path | None) -> tuple[Outcome | None, _Text | None]:
    """What comes of the script on disk where others than the models that changed do not see the change."""
    from neve.patch import patch

    def last(outcome: Outcome) -> bytes | None:
        path = _path(chosen, outcome, out)
        text = path.read_bytes() if path.is_file() else b""
        return text if digest_stream([text]) == outcome.script else None

    patched = patch(cache, chosen.target, chosen.vars, last)
    return (patched[0], lambda: [patched[1]]) if patched else (None, None)


def _compile(chosen: Chosen, cache: Cache) -> tuple[Outcome, _Text | None]:
    """What a compilation comes to, which is kept, and the script's text."""
    from neve.compile import compile_project
    from neve.patch import remember

    compiled, findings = compile_project(chosen.root, chosen.target, chosen.vars, cache)
    target = compiled.project.target.name if compiled else ""
    outcome = Outcome(target, None, 0, 0, 0, tuple(findings))
    if compiled is None or compiled.script is None or findings.errors:
        cache.keep(chosen.target, chosen.vars, outcome)
        return outcome, None
    text, statements = compiled.script.text, compiled.script.statements
    sizes = len(compiled.graphs), sum(one.kind == "task" for one in statements), len(statements)
    outcome = Outcome(target, digest_stream(_parts(text)), *sizes, outcome.findings)
    cache.keep(chosen.target, chosen.vars, outcome)
    remember(cache, chosen.target, chosen.vars, compiled, outcome)
    return outcome, lambda: _parts(text)


def _parts(text: str) -> Iterator[bytes]:
    """A large text as it is written, a part at a time."""
    return (text[at : at + _PART].encode() for at in range(0, len(text), _PART))


def _path(chosen: Chosen, outcome: Outcome, out: Path | None) -> Path:
    return out or chosen.root / "deploy" / f"{outcome.target}.sql"


def _holds(path: Path, outcome: Outcome) -> bool:
    """Whether a file holds the very script of an outcome."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return digest_stream(iter(lambda: file.read(_PART), b"")) == outcome.script


def _print(findings: Findings, form: str, root: Path) -> None:
    if form == "text":
        print_findings(findings, root)
        return
    renderer = importlib.import_module(f"neve.diagnostics.{form}")
    folder, read = "" if form == "json" else _folder_from_here(root), reader(root)
    found = [in_folder(diagnostic, folder) for diagnostic in findings]
    click.echo(renderer.render(found, lambda path: read(path.removeprefix(folder))).rstrip("\n"))


def _folder_from_here(root: Path) -> str:
    """The way to the project from where neve was called: in CI the root of the repository, as code hosts want it."""
    here = Path.cwd()
    return f"{root.relative_to(here).as_posix()}/" if root != here and root.is_relative_to(here) else ""


def _again(chosen: Chosen, out: Path | None) -> str:
    """The command that writes what was only checked."""
    variables = [f"{name}={json.dumps(value)}" for name, value in chosen.vars.items()]
    words = ["neve", "compile", *(["-t", chosen.target] if chosen.target else []), *(["-o", str(out)] if out else [])]
    return shlex.join([*words, *(word for variable in variables for word in ("--vars", variable))])


def _write(script: _Text, path: Path, form: str, again: str, *, check: bool) -> None:
    """Write the script; or leave with 1, after a short diff with what the file holds, when it is only checked."""
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(script())
        return
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if form == "text":
        name = _short(path)
        texts = old.splitlines(), b"".join(script()).decode().splitlines()
        lines = list(difflib.unified_diff(*texts, name, "compiled now", lineterm="", n=1))
        click.echo("\n".join(map(_coloured, lines[:_DIFF_LINES])))
        if len(lines) > _DIFF_LINES:
            click.echo(f"… and {len(lines) - _DIFF_LINES} more lines")
    click.echo(f"{_short(path)} is {'not up to date' if old else 'missing'}; write it with: {again}", err=True)
    raise click.exceptions.Exit(Exit.FAILED)


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _summary(outcome: Outcome, findings: Findings) -> str:
    parts = [
        look.plural(outcome.graphs, "graph"),
        look.plural(outcome.tasks, "task"),
        look.plural(outcome.statements, "statement"),
    ]
    if findings.warnings:
        parts.append(look.plural(len(findings.warnings), "warning"))
    return ", ".join(parts)
