"""What the models in the registry are worth: their versions with the metrics that the runs stored on them.

The registry keeps a version's metrics as JSON in the column `metadata` of SHOW VERSIONS.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neve.deploy.connect import Connection, Row, rows_if_there
from neve.names import qualified


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model; `default` is what a caller gets who names no version."""

    model: str
    version: str
    default: bool
    created: datetime | None
    comment: str
    metrics: Mapping[str, Any]


def read_metrics(connection: Connection, database: str, schema: str) -> tuple[ModelVersion, ...]:
    """The versions of all models in a schema, none if it is not there: by model, the newest version first."""
    models = rows_if_there(connection, f"SHOW MODELS IN SCHEMA {qualified(database, schema)}") or ()
    found: list[ModelVersion] = []
    for model in sorted(models, key=lambda row: str(row["name"])):
        name = str(model["name"])
        rows = connection.execute(f"SHOW VERSIONS IN MODEL {qualified(database, schema, name)}")
        found += _newest_first(_version(name, row) for row in rows)
    return tuple(found)


def _newest_first(versions: Iterable[ModelVersion]) -> list[ModelVersion]:
    return sorted(versions, key=lambda v: (v.created is not None, v.created, v.version), reverse=True)


def _version(model: str, row: Row) -> ModelVersion:
    return ModelVersion(
        model=model,
        version=str(row["name"]),
        default=str(row["is_default_version"]).lower() == "true",
        created=row["created_on"],
        comment=str(row["comment"] or ""),
        metrics=_metrics(row["metadata"]),
    )


def _metrics(metadata: Any) -> Mapping[str, Any]:
    data = json.loads(metadata) if metadata else {}
    metrics = data.get("metrics", {})
    return metrics if isinstance(metrics, Mapping) else {}
