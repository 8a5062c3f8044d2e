"""The server process of a state folder."""

import fcntl
import json
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from neve.local import telemetry
from neve.local.engine import ACCOUNT, USER, Engine, StateUnreadable
from neve.local.hidden import masked
from neve.local.manage import HOLD, UNREADABLE

_LOOK_SECONDS = 2.0


def serve(state: Path) -> None:
    """Runs the engine of `state` until it is told to stop, or its engine.json is gone and with it all way to reach it.

    Writes engine.json once it answers.
    """
    state.mkdir(parents=True, exist_ok=True)
    _log_to(state / "engine.log")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _hold(state / HOLD):
        engine = _opened(state)
        engine.services["procedures"].start()  # importing Snowpark takes seconds: now, not at the first CALL
        server = engine.listen(password=secrets.token_urlsafe(24))
        announced = _announce(state / "engine.json", *server.address, server.password)
        threading.Thread(target=_warm, args=(engine,), name="neve-warm", daemon=True).start()
        while _reads(state / "engine.json") == announced:
            if stop.wait(_LOOK_SECONDS):
                (state / "engine.json").unlink(missing_ok=True)
        engine.close()


def _opened(state: Path) -> Engine:
    try:
        return Engine.open(state)
    except StateUnreadable as error:
        sys.stderr.write(f"{error}\n")  # the log, whose last line is what the user is told
        raise SystemExit(UNREADABLE) from error


@contextmanager
def _hold(path: Path) -> Iterator[None]:
    """The state folder is this process's; one that is about to end is waited for. Nobody inherits the lock."""
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _reads(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def _warm(engine: Engine) -> None:
    """Loads what the first statement would have to wait for."""
    session = engine.open_session()
    session.evaluate("1")
    session.close()


class _LogFormat(logging.Formatter):
    """Without the secrets of a statement that is told of."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=5_000_000, backupCount=1)
    handler.setFormatter(_LogFormat("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("neve.local")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    telemetry.log.setLevel(telemetry.TRACE)  # the user's own words, all of them
    logging.addLevelName(telemetry.TRACE, "TRACE")


def _announce(path: Path, host: str, port: int, password: str) -> str:
    """The text of engine.json: readable by this user alone, and never half written."""
    facts = {"pid": os.getpid(), "host": host, "port": port, "account": ACCOUNT, "user": USER, "password": password}
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    text = json.dumps(facts)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
    return text
