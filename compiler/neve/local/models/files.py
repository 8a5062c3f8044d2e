"""`snow://model/<name>/versions/<version>/…`: where the files of a model's version are."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from neve.local.models import catalog
from neve.local.sqltext import parse_name, resolve

if TYPE_CHECKING:
    from neve.local.session import Session

_URL = re.compile(r"snow://model/(?P<model>.+?)/versions/(?P<version>[^/]+)/?(?P<path>.*)")


class VersionFiles(NamedTuple):
    """The folder of a version, a path below it, and what LIST shows before that."""

    folder: Path
    path: str
    name: str


def model_version(session: "Session", url: str) -> VersionFiles | None:
    """What a URL of a model's files means, None when it is none. Raises SqlError for an unknown model or version."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    model = catalog.get(session.engine, resolve(session, parse_name(found["model"])))
    version = model.find(found["version"]) or model.version(found["version"].upper())
    path = "" if found["path"] in {"", ".", "./"} else found["path"]
    return VersionFiles(version.folder, path, f"versions/{version.name}")
