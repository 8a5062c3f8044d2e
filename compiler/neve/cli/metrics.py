"""`neve metrics`: the models in the registry, and what their versions are worth."""

from collections.abc import Sequence
from typing import Any

import click

from neve.cli import look
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, load
from neve.deploy.connect import open_account
from neve.runs.metrics import ModelVersion, read_metrics


@click.command
@output_option()
@project_options
def metrics(chosen: Chosen, output: str) -> None:
    """List the versions of the models in the target's schema with their metrics; the newest is first."""
    project = load(chosen)
    target = project.target
    with open_account(target, chosen.root) as account:
        versions = read_metrics(account, target.database, target.schema)
    if output == "json":
        look.print_json({"versions": [_json(version) for version in versions]})
    elif versions:
        click.echo("\n".join(_table(versions)))
    else:
        click.echo(f"no models in {target.database}.{target.schema}")


def _json(version: ModelVersion) -> dict[str, Any]:
    return {
        "model": version.model,
        "version": version.version,
        "default": version.default,
        "created": version.created.isoformat() if version.created else None,
        "comment": version.comment,
        "metrics": dict(version.metrics),
    }


def _table(versions: Sequence[ModelVersion]) -> list[str]:
    names = sorted({name for version in versions for name in version.metrics})
    rows = [
        [v.model, v.version, "yes" if v.default else "", *(_number(v.metrics.get(name)) for name in names), v.comment]
        for v in versions
    ]
    return look.table(["model", "version", "default", *names, "comment"], rows)


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)
