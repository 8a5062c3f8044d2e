"""Make a synthetic warehouse project of any size, for neve, dbt or SQLMesh, with its true dependencies.

    python benchmarks/generate.py --models 1000 --format neve DIR
    python benchmarks/generate.py --change DIR

Three layers: staging reads raw tables, core reads staging and earlier core, marts read core. A model has 30 to 80
lines, one to four references, two to four CTEs; a quarter use Jinja. The shape depends on --models and --seed alone.
`dependencies.json` holds for each model the models that it reads.
"""

import argparse
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

AREAS = ("orders", "billing", "stock", "web", "support", "people", "fleet", "energy", "claims", "loans")
STATES = ("new", "open", "held", "done", "void", "late")
COLUMNS = ("id", "customer_id", "happened_at", "amount", "units", "state")
MOST_TASKS = 800
"""Tables beyond this number become dynamic tables: a task graph has at most 1,000 tasks."""
MACRO = "{% macro to_units(column) %}({{ column }} / 100)::number(18, 2){% endmacro %}\n"


@dataclass(frozen=True)
class Model:
    name: str
    layer: str
    area: str
    kind: str
    reads: tuple[str, ...]
    raw: tuple[str, ...]
    jinja: bool
    seed: int


@dataclass(frozen=True)
class Dialect:
    """How a tool writes a reference, a raw table, a variable, a macro call and a loop."""

    model: Callable[[str], str]
    raw: Callable[[str], str]
    since: str
    units: str
    loop: tuple[str, str, str] | None


def shape(count: int, seed: int) -> list[Model]:
    """The models, each after those that it reads."""
    rng = random.Random(f"{count} {seed}")
    staging, marts = count * 3 // 10, count // 5
    models: list[Model] = []
    tables = 0
    for number in range(count):
        layer = "staging" if number < staging else "marts" if number >= count - marts else "core"
        area = rng.choice(AREAS)
        reads, raw = _inputs(models, layer, staging, rng), ()
        if not reads:
            raw = tuple(f"{area}_{rng.randrange(max(staging, 2)):05d}" for _ in range(rng.choice((1, 1, 2))))
        kind = "table" if layer == "marts" or rng.random() < 0.25 else "view"
        if kind == "table" and tables == MOST_TASKS:
            kind = "dynamic_table"
        tables += kind == "table"
        name = f"{layer}_{area}_{number:05d}"
        models.append(Model(name, layer, area, kind, reads, raw, rng.random() < 0.25, rng.getrandbits(40)))
    return models


def _inputs(models: list[Model], layer: str, staging: int, rng: random.Random) -> tuple[str, ...]:
    if layer == "staging" or not models:
        return ()
    low = staging if layer == "marts" and len(models) > staging and rng.random() < 0.8 else 0
    # Mostly neighbours, so that the project is as deep as projects are.
    near = max(low, len(models) - max(20, len(models) // 4))
    places = range(near if rng.random() < 0.6 else low, len(models))
    chosen = rng.sample(places, min(len(places), rng.choice((1, 2, 2, 3, 4))))
    return tuple(models[place].name for place in chosen)


def body(model: Model, say: Dialect) -> str:
    """A model's SELECT."""
    rng = random.Random(model.seed)
    first, *others = map(say.model, model.reads) if model.reads else map(say.raw, model.raw)
    units = say.units if model.jinja else "(a.amount / 100)::number(18, 2)"
    since = say.since if model.jinja else "2022-01-01"
    ctes = [FIRST.format(table=first, since=since, state=rng.choice(STATES))]
    ctes += [OTHER.format(i=i, table=other, n=rng.randrange(50)) for i, other in enumerate(others)]
    lines = [f"    o{i}.n_{i}, o{i}.total_{i}," for i in range(len(others))]
    lines += [rng.choice(EXPRESSIONS).format(n=rng.randrange(1, 5000), i=i) for i in range(rng.randint(4, 14))]
    joins = [f"left join other_{i} as o{i} on a.customer_id = o{i}.customer_id" for i in range(len(others))]
    query = [
        "with " + ",\n\n".join([*ctes, BY_STATE.format(amounts=_amounts(model, say))]),
        f"\nselect\n    a.id, a.customer_id, a.happened_at, a.units, a.state,\n    {units} as amount,",
        *lines,
        "    p.rows_seen,\n    'v1' as version\nfrom first as a",
        *joins,
        "left join by_state as p on a.customer_id = p.customer_id",
        "qualify row_number() over (partition by a.id order by a.happened_at desc) = 1",
    ]
    return "\n".join(query)


FIRST = """first as (
    select
        a.id, a.customer_id, a.happened_at, a.amount, a.units, a.state
    from {table} as a
    where a.happened_at >= '{since}'::date
        and a.state in ('{state}', 'done')
)"""
OTHER = """other_{i} as (
    select
        b.customer_id,
        count(*) as n_{i},
        sum(b.amount) as total_{i},
        max(b.happened_at) as last_{i}
    from {table} as b
    where b.units > {n}
    group by b.customer_id
)"""
BY_STATE = """by_state as (
    select
        a.customer_id,
{amounts}
        count(*) as rows_seen
    from first as a
    group by a.customer_id
)"""
EXPRESSIONS = (
    "    coalesce(a.units, 0) * {n}::float as weighted_{i},",
    "    date_trunc('month', a.happened_at)::date as month_{i},",
    "    div0(a.amount, nullif(a.units, {n})) as ratio_{i},",
    "    upper(trim(a.state)) || '-{n}' as label_{i},",
    "    case\n        when a.amount > {n} then 'high'\n        else 'low'\n    end as class_{i},",
    "    sum(a.amount) over (partition by a.customer_id order by a.happened_at) as running_{i},",
)


def _amounts(model: Model, say: Dialect) -> str:
    line = "        sum(iff(a.state = '{0}', a.amount, 0)) as {0}_amount,"
    if model.jinja and say.loop:
        start, item, end = say.loop
        return "\n".join([start, line.format(item), end])
    return "\n".join(line.format(state) for state in STATES[:4])


LOOP = ("        {%- for state in ['new', 'open', 'held', 'done'] %}", "{{ state }}", "        {%- endfor %}")
CALL, SINCE = "{{ to_units('a.amount') }}", "{{ var('since') }}"


def write_neve(models: list[Model], root: Path) -> None:
    """Plain names: the references are for neve to find."""
    say = Dialect(lambda name: f"{name.split('_')[0]}.{name}", lambda name: f"raw.{name}", SINCE, CALL, LOOP)
    raw = sorted({name for model in models for name in model.raw})
    _write(root / "macros" / "units.sql", MACRO)
    lines = [
        "name: warehouse",
        "vars: {since: '2022-01-01'}",
        "graphs:",
        "  nightly: {schedule: 24 hours}",
        "defaults:",
        "  graph: nightly",
        *(f"  models/{layer}: {{schema: {layer.upper()}}}" for layer in ("staging", "core", "marts")),
        "targets:",
        "  prod: {database: WAREHOUSE, schema: TASKS, warehouse: TRANSFORMING}",
        "sources:",
        "  raw:",
        "    database: LANDING",
        "    tables:",
        *(f"      {name}: {{columns: [{', '.join(f'{{name: {c}}}' for c in COLUMNS)}]}}" for name in raw),
    ]
    _write(root / "project.yml", "\n".join(lines) + "\n")
    for model in models:
        header = (
            f"/*---\nmaterialized: {model.kind}\ntags: [{model.area}]\ncolumns:\n"
            f"  - {{name: id, data_tests: [unique, not_null]}}\n  - {{name: state, description: Where it stands.}}\n"
            f"---\nRecords of {model.area}, {model.layer} layer.\n*/\n"
        )
        _write(root / "models" / model.layer / f"{model.name}.sql", header + body(model, say) + "\n")


def write_dbt(models: list[Model], root: Path) -> None:
    say = Dialect(lambda n: f"{{{{ ref('{n}') }}}}", lambda n: f"{{{{ source('raw', '{n}') }}}}", SINCE, CALL, LOOP)
    _write(root / "macros" / "units.sql", MACRO)
    _write(
        root / "dbt_project.yml", "name: warehouse\nversion: '1.0'\nprofile: warehouse\nvars: {since: '2022-01-01'}\n"
    )
    profile = "{type: duckdb, path: ':memory:', threads: 2}"
    _write(root / "profiles.yml", f"warehouse:\n  target: dev\n  outputs:\n    dev: {profile}\n")
    raw = sorted({name for model in models for name in model.raw})
    tables = "".join(f"      - name: {name}\n" for name in raw)
    _write(root / "models" / "sources.yml", f"version: 2\nsources:\n  - name: raw\n    tables:\n{tables}")
    for model in models:
        kind = "view" if model.kind == "view" else "table"
        header = f"{{{{ config(materialized='{kind}', tags=['{model.area}']) }}}}\n"
        _write(root / "models" / model.layer / f"{model.name}.sql", header + body(model, say) + "\n")


def write_sqlmesh(models: list[Model], root: Path) -> None:
    """Without Jinja, which SQLMesh's own projects seldom use."""
    units = "(a.amount / 100)::number(18, 2)"
    say = Dialect(lambda n: f"{n.split('_')[0]}.{n}", lambda n: f"raw.{n}", "2022-01-01", units, None)
    connection = "  local:\n    connection: {type: duckdb}\n"
    defaults = "model_defaults: {dialect: snowflake, start: 2022-01-01}\n"
    _write(root / "config.yaml", f"gateways:\n{connection}default_gateway: local\n{defaults}")
    for model in models:
        kind = "VIEW" if model.kind == "view" else "FULL"
        header = f"MODEL (name {model.layer}.{model.name}, kind {kind}, tags [{model.area}]);\n\n"
        _write(root / "models" / model.layer / f"{model.name}.sql", header + body(model, say) + "\n")


FORMATS = {"neve": write_neve, "dbt": write_dbt, "sqlmesh": write_sqlmesh}


def generate(count: int, kind: str, root: Path, seed: int = 1) -> None:
    """Write a project of `count` models into `root`."""
    models = shape(count, seed)
    FORMATS[kind](models, root)
    _write(root / "dependencies.json", json.dumps({model.name: sorted(model.reads) for model in models}, indent=0))


def change(root: Path) -> Path:
    """Change what one model gives, for real; the file."""
    paths = sorted((root / "models" / "core").glob("*.sql"))
    path = paths[len(paths) // 2]
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"'v(\d+)'", lambda found: f"'v{int(found[1]) + 1}'", text), encoding="utf-8")
    return path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--models", type=int, default=1000)
    options.add_argument("--format", choices=FORMATS, default="neve", dest="kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--change", action="store_true", help="change one model of the project in the folder")
    given = options.parse_args()
    if given.change:
        print(change(given.folder))
    else:
        generate(given.models, given.kind, given.folder, given.seed)


if __name__ == "__main__":
    main()
