"""HTTP on 127.0.0.1: paths to answers. All are JSON.

The connector is always answered with status 200: others make it retry. The REST API has statuses of its own.
"""

import gzip
import json
import logging
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from neve.local.protocol import answers, files
from neve.local.protocol.request import Reply, Request
from neve.local.rest import routes as rest

if TYPE_CHECKING:
    from neve.local.engine import Engine

log = logging.getLogger("neve.local")

HOST = "127.0.0.1"

Answer = Callable[["Engine", Request], dict[str, Any]]

PATHS: tuple[tuple[str, Answer], ...] = (
    (r"/session/v1/login-request", answers.login),
    (r"/session/token-request", answers.renew),
    (r"/session/heartbeat", answers.heartbeat),
    (r"/session", answers.end_session),
    (r"/queries/v1/query-request", answers.query),
    (r"/queries/v1/abort-request", answers.abort),
    (r"/queries/(?P<id>[^/]+)/abort-request", answers.abort),
    (r"/queries/(?P<id>[^/]+)/result", answers.query_result),
    (r"/monitoring/queries/(?P<id>[^/]+)", answers.status),
    (r"/telemetry/.*", answers.nothing),
)


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as http.server calls it
        """A client that goes away is no fault of ours."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            log.error("the request of %s broke off", client_address, exc_info=error)


@dataclass
class Server:
    """The listening server of an engine; made by `Server.start`."""

    http: ThreadingHTTPServer
    password: str

    @classmethod
    def start(cls, engine: "Engine", port: int, password: str) -> "Server":
        http = _Http((HOST, port), _handler(engine, password), bind_and_activate=True)
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, name="neve-http", daemon=True).start()
        return cls(http, password)

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.http.server_address[1]

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def _handler(engine: "Engine", password: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            self._respond(reply(engine, self._request()))

        do_GET = do_HEAD = do_PUT = do_DELETE = do_POST  # noqa: N815 - the names http.server looks for

        def _request(self) -> Request:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            url = urlsplit(self.path)
            arguments = {key: values[-1] for key, values in parse_qs(url.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            token = _token(headers.get("authorization", ""))
            return Request(self.command, _path(url.path), arguments, body, token, password, headers)

        def _respond(self, reply: Reply) -> None:
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            kind = "application/octet-stream" if isinstance(reply.body, bytes) else "application/json"
            for header in {"Content-Type": kind, "Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it is called with
            log.debug(format, *args)

    return Handler


def _token(authorization: str) -> str:
    match = re.fullmatch(r'Snowflake Token="(.*)"|Bearer (.*)', authorization)
    return (match[1] or match[2]) if match else ""


def _path(text: str) -> str:
    """Some clients write slashes twice, or one at the end."""
    return re.sub("//+", "/", text).rstrip("/") or "/"


def reply(engine: "Engine", request: Request) -> Reply:
    """What is said to a request: by the REST API below its own path, of files below theirs, else to the connector."""
    if request.path.startswith(rest.PREFIX):
        return rest.respond(engine, request)
    if files.PATH.fullmatch(request.path):
        return files.respond(engine, request)
    return Reply(200, answer(engine, request))


def answer(engine: "Engine", request: Request) -> dict[str, Any]:
    """What the engine says to the connector. Never raises: a fault of ours is logged, and answered as one."""
    for pattern, respond in PATHS:
        if match := re.fullmatch(pattern, request.path):
            try:
                return respond(engine, request.with_path(match.groupdict()))
            except Exception as error:
                log.exception("internal error at %s", request.path)
                return answers.failed("000603", f"internal error: {type(error).__name__}: {error}")
    return answers.failed("390400", f"The local engine does not answer {request.path}")
