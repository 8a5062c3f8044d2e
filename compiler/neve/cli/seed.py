"""`neve seed`: input data for the local target."""

import time

import click

from neve.cli import look
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, load
from neve.deploy.connect import open_account
from neve.deploy.errors import Usage
from neve.deploy.seed import Loaded, load_seeds


@click.command
@click.option("--force", is_flag=True, help="Also for a target on Snowflake: its source tables are replaced.")
@output_option()
@project_options
def seed(chosen: Chosen, output: str, *, force: bool) -> None:
    """Load seeds/ into the declared sources: <source table>.csv, or Python with tables() giving DataFrames by name."""
    project = load(chosen)
    if project.target.engine != "local" and not force:
        raise Usage(
            f"target {project.target.name!r} is no local one: its source tables would be replaced",
            "neve seed -t local, or --force if you mean it",
        )
    started = time.perf_counter()
    loaded: list[Loaded] = []
    with open_account(project.target, chosen.root) as account:
        for one in load_seeds(account, project, chosen.root):
            loaded.append(one)
            if output == "text":
                click.echo(f"{one.table}  {look.plural(one.rows, 'row')}  from {one.seed}")
    if output == "json":
        look.print_json({"tables": [{"table": o.table, "seed": o.seed, "rows": o.rows} for o in loaded]})
    else:
        took = look.duration(time.perf_counter() - started)
        click.echo(f"Loaded {look.plural(len(loaded), 'table')} in {took}.")
