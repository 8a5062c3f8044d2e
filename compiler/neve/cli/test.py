"""`neve test`: the data tests of models, on demand."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.ls import selected
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.deploy.connect import open_account
from neve.deploy.errors import Usage
from neve.deploy.redact import redact
from neve.diagnostics.places import Places
from neve.discover import reader
from neve.header import origin
from neve.ir import Compiled, Node
from neve.runs.tested import Tested, run_id, run_tests

_COLOURS = {"passed": "green", "failed": "red", "error": "magenta"}
_WORDS = {"passed": "passed", "failed": "failed", "error": "could not be run"}
_INDENT = " " * 8


@click.command
@click.argument("selectors", metavar="[SELECTOR]...", nargs=-1)
@click.option("-s", "--select", "more", multiple=True, metavar="SELECTOR", help="The same as an argument; repeatable.")
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="Leave these out; repeatable.")
@click.option(
    "--run", metavar="RUN_ID", help="The run at whose tables to look (default: the newest that is still there)."
)
@output_option()
@project_options
def test(chosen: Chosen, selectors: tuple[str, ...], run: str | None, output: str, **choice: Any) -> None:
    """Run the data tests of all models, or of those that a SELECTOR chooses, on the tables as they are.

    They are the queries that a model's own task runs after building it. Selectors are those of `neve ls`.

    Exit code 0: all passed; 1: one found rows, or could not be run.
    """
    wanted = _wanted(run)
    compiled = compile_or_leave(chosen)
    nodes = _tested(compiled, chosen, (*selectors, *choice["more"]), choice["exclude"])
    places = Places(reader(chosen.root))
    done: list[Tested] = []
    if nodes:
        with open_account(compiled.project.target, chosen.root) as account:
            for one in run_tests(account, compiled, nodes, wanted):
                done.append(one)
                if output == "text":
                    click.echo("\n".join(_lines(one, places)))
    if output == "json":
        look.print_json({"tests": [_json(one, places) for one in done]})
    else:
        click.echo(_summary(done))
    if any(one.state != "passed" for one in done):
        raise click.exceptions.Exit(Exit.FAILED)


def _wanted(run: str | None) -> str | None:
    """The run's id as schemas have it. Raises Usage."""
    if run is None:
        return None
    wanted = run_id(run)
    if wanted is None:
        raise Usage(f"{run!r} is no run: write its number as `neve runs` shows it", "neve runs")
    return wanted


def _tested(compiled: Compiled, chosen: Chosen, names: Sequence[str], left_out: Sequence[str]) -> list[Node]:
    """The chosen nodes that have tests."""
    nodes = (compiled.nodes[name] for name in selected(compiled, names, left_out, chosen.root))
    return [node for node in nodes if node.tests]


def _lines(one: Tested, places: Places) -> list[str]:
    """A line for a test; for one that did not pass also its place, what to know of it and what to type."""
    state = click.style(one.state.ljust(7), fg=_COLOURS[one.state])
    found = f": {look.plural(one.rows, 'row')}" if one.rows else ""
    lines = [f"{state} {one.node.name}  {one.test.name}{found}"]
    if one.state == "passed":
        return lines
    lines.append(f"{_INDENT}--> {'{path}:{line}:{column}'.format(**_place(one, places))}")
    if one.problem:
        lines.append(_INDENT + look.one_line(redact(one.problem)))
    if one.hint:
        lines.append(f"{_INDENT}try: {one.hint}")
    if one.rows:
        lines += [f"{_INDENT}see them with:", *(f"{_INDENT}  {line}" for line in f"{one.sql};".splitlines())]
    return lines


def _place(one: Tested, places: Places) -> dict[str, Any]:
    span = origin(one.node.file, one.test.query.rendered)
    if span is None:
        return {"path": one.node.file.path, "line": 1, "column": 1}
    place = places.place(span)
    return {"path": span.path, "line": place.line, "column": place.column}


def _json(one: Tested, places: Places) -> dict[str, Any]:
    return {
        "node": one.node.name,
        "test": one.test.name,
        "state": one.state,
        "rows": one.rows,
        **_place(one, places),
        "sql": one.sql or None,
        "message": redact(one.problem) or None,
    }


def _summary(done: Sequence[Tested]) -> str:
    if not done:
        return "no model with data tests is selected"
    count = Counter(one.state for one in done)
    parts = [f"{count[state]} {words}" for state, words in _WORDS.items() if count[state]]
    return f"{look.plural(len(done), 'test')}: {', '.join(parts)}"
