"""The files of stages over HTTP, as a bucket of Google's storage.

Connector 4 copies files between its disk and a folder that it is told. Connector 5 knows the storage of clouds alone,
and of these it is Google's whose address and token a server may choose.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from neve.local.protocol.request import Reply, Request

if TYPE_CHECKING:
    from neve.local.engine import Engine

PATH = re.compile(r"/(?:stages|models)/.+")
_COPIES_ITSELF = re.compile(r"PythonConnector/[1-4]\.")
_RANGE = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<total>\d+)")
_WANTED = re.compile(r"bytes=(?P<first>\d+)-(?P<last>\d*)")


def stage_info(engine: "Engine", request: Request, folder: Path) -> Mapping[str, Any]:
    """Where the client that asks finds the folder of a stage."""
    if _COPIES_ITSELF.match(request.header("User-Agent")):
        return {"locationType": "LOCAL_FS", "location": str(folder), "path": "", "region": "", "creds": {}}
    host, port = engine.address
    return {
        "locationType": "GCS",
        "location": f"{folder.relative_to(engine.state).as_posix()}/",
        "path": "",
        "region": "LOCAL",
        "endPoint": f"http://{host}:{port}",
        "isClientSideEncrypted": False,
        "creds": {"GCS_ACCESS_TOKEN": request.token},
    }


def respond(engine: "Engine", request: Request) -> Reply:
    """HEAD, GET (also of a range), PUT, and a PUT in parts behind a POST."""
    file = (engine.state / unquote(request.path).lstrip("/")).resolve()
    if engine.session(request.token) is None:
        return Reply(401, {"error": "Session no longer exists."})
    if not file.is_relative_to(engine.state.resolve() / request.path.split("/")[1]):
        return Reply(404, {"error": "There is no such file."})
    match request.method:
        case "PUT":
            return _put(engine, request, file)
        case "POST":
            return Reply(201, b"", {"Location": "http://{}:{}{}".format(*engine.address, request.path)})
        case "GET" | "HEAD":
            return _get(request, file)
        case _:  # of a PUT in parts that is given up
            _parts(engine, file).unlink(missing_ok=True)
            return Reply(204, b"")


def _get(request: Request, file: Path) -> Reply:
    if not file.is_file():
        return Reply(404, b"")
    size = file.stat().st_size
    if request.method == "HEAD":
        return Reply(200, b"", {"Content-Length": str(size)})
    wanted = _WANTED.fullmatch(request.header("Range"))
    if wanted is None:
        return Reply(200, file.read_bytes())
    first = int(wanted["first"])
    last = min(int(wanted["last"] or size), size - 1)
    if first > last:
        return Reply(416, b"", {"Content-Range": f"bytes */{size}"})
    with file.open("rb") as opened:
        opened.seek(first)
        return Reply(206, opened.read(last - first + 1), {"Content-Range": f"bytes {first}-{last}/{size}"})


def _put(engine: "Engine", request: Request, file: Path) -> Reply:
    """A file appears when it is whole."""
    part, written = _RANGE.fullmatch(request.header("Content-Range")), _parts(engine, file)
    written.parent.mkdir(parents=True, exist_ok=True)
    with written.open("r+b" if part and int(part["first"]) else "wb") as opened:
        opened.seek(int(part["first"]) if part else 0)
        opened.write(request.body)
    if part and int(part["last"]) + 1 < int(part["total"]):
        return Reply(308, b"", {"Range": f"bytes=0-{part['last']}"})
    file.parent.mkdir(parents=True, exist_ok=True)
    written.replace(file)
    return Reply(200, b"")


def _parts(engine: "Engine", file: Path) -> Path:
    """Where a file is while it is written."""
    return engine.state / "uploads" / hashlib.sha256(str(file).encode()).hexdigest()
