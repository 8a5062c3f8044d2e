"""MODEL objects: what they add to the engine's tables."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.models import catalog, ddl, show

if TYPE_CHECKING:
    from neve.local.session import Session


def platform_capabilities(_session: "Session") -> str:
    """SYSTEM$ML_PLATFORM_CAPABILITIES: models are packed as files on a stage, with dependencies as of conda."""
    return '{"ENABLE_PIP_ONLY_PACKAGING": false}'


def refuse_clone(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Raises SqlError when a schema that is to be copied has models."""
    with session.engine.store.transaction() as db:
        found = {(row["database"], row["schema"]) for row in db.execute("SELECT database, schema FROM models")}
    if found & places.keys():
        raise unsupported("CLONE of a schema with models")


ROUTES: tuple[tuple[Any, ...], ...] = (
    (("CREATE", "MODEL"), ddl.create_model),
    (("ALTER", "MODEL"), ddl.alter_model),
    (("DROP", "MODEL"), ddl.drop_model),
    (("COMMENT", "ON", "MODEL"), ddl.comment_on_model),
    (("SHOW", "MODELS"), show.show_models),
    (("SHOW", "VERSIONS"), show.show_versions),
    (("SHOW", "FUNCTIONS", "IN", "MODEL"), show.show_functions),
)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"SYSTEM$ML_PLATFORM_CAPABILITIES": platform_capabilities}
SCHEMA = catalog.SCHEMA
DROPPED_SCHEMA = catalog.drop_schema
CLONED_SCHEMAS = refuse_clone
