"""A model version's files, as snowflake-ml packs them: MANIFEST.yml, its handlers, the model's own folder."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from neve.local.errors import SqlError

MANIFEST = "MANIFEST.yml"


@dataclass(frozen=True, slots=True)
class Method:
    """One function of a model: what SQL calls it, its handler `module.function`, types as the manifest writes them.

    `returns` is the type of its one output, or TABLE (…) for a table function.
    """

    name: str
    handler: str
    is_table: bool
    inputs: tuple[tuple[str, str], ...]
    returns: str


@dataclass(frozen=True, slots=True)
class Package:
    """What the files say: the methods, where it may run, model.yaml as text, and what SHOW VERSIONS tells of it."""

    folder: Path
    methods: tuple[Method, ...]
    runnable_in: tuple[str, ...]
    spec: str
    attributes: str
    environment: str
    size: int

    def method(self, name: str) -> Method | None:
        return next((method for method in self.methods if method.name == name), None)


def read(folder: Path) -> Package:
    """The package in `folder`. Raises SqlError 398507 without a readable MANIFEST.yml, as Snowflake does."""
    import yaml

    try:
        manifest = yaml.safe_load((folder / MANIFEST).read_text(encoding="utf-8"))
        methods = tuple(_method(entry) for entry in manifest["methods"])
        runtime = next(iter(manifest["runtimes"].values()))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SqlError(398507, "42601", f"Unable to read file {MANIFEST} of the model: {error!r}.") from error
    spec = _spec(folder)
    return Package(
        folder,
        methods,
        runnable_in=tuple(manifest.get("target_platforms") or ("WAREHOUSE", "SNOWPARK_CONTAINER_SERVICES")),
        spec=spec,
        attributes=json.dumps(_attributes(yaml.safe_load(spec) or {})),
        environment=json.dumps({"default": {"python_version": runtime["version"], **_dependencies(folder, runtime)}}),
        size=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    )


@lru_cache(maxsize=256)
def kept(folder: Path) -> Package:
    """As `read`, of a version's own folder, whose files never change."""
    return read(folder)


def _method(entry: dict[str, Any]) -> Method:
    inputs = [*entry["inputs"], *entry.get("params", ())]
    outputs = [field["type"] for field in entry["outputs"]]
    is_table = entry["type"] == "TABLE_FUNCTION"
    returns = f"TABLE ({', '.join(outputs)})" if is_table else outputs[0]
    return Method(
        name=_stored(entry["name"]),
        handler=entry["handler"],
        is_table=is_table,
        inputs=tuple((field["name"], field["type"]) for field in inputs),
        returns=returns,
    )


def _stored(name: str) -> str:
    """A manifest's name as stored: upper case unless quoted."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.upper()


def _spec(folder: Path) -> str:
    path = folder / "model" / "model.yaml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _attributes(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "framework": spec.get("model_type"),
        "task": spec.get("task", "UNKNOWN"),
        "client": f"snowflake-ml-python {(spec.get('env') or {}).get('snowpark_ml_version')}",
    }


def _dependencies(folder: Path, runtime: dict[str, Any]) -> dict[str, Any]:
    files = {kind: path for kind, path in runtime["dependencies"].items() if isinstance(path, str)}
    return {f"{kind}_env": (folder / path).read_text(encoding="utf-8") for kind, path in files.items()}
