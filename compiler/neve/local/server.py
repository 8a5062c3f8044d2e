"""The server process of a state folder."""

import json
import logging
import os
import secrets
import signal
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

from neve.local.engine import ACCOUNT, USER, Engine


def serve(state: Path) -> None:
    """Runs the engine of `state` until it is told to stop or the folder is gone. Writes engine.json once it answers."""
    state.mkdir(parents=True, exist_ok=True)
    _log_to(state / "engine.log")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = Engine.open(state)
    engine.services["procedures"].start()  # importing Snowpark takes seconds: now, not at the first CALL
    server = engine.listen(password=secrets.token_urlsafe(24))
    announced = state / "engine.json"
    _announce(announced, *server.address, server.password)
    threading.Thread(target=_warm, args=(engine,), name="neve-warm", daemon=True).start()
    while not stop.wait(5) and announced.exists():
        pass  # a state folder that was removed leaves nothing to serve, and nobody who could say stop
    announced.unlink(missing_ok=True)
    engine.close()


def _warm(engine: Engine) -> None:
    """Loads what the first statement would have to wait for."""
    session = engine.open_session()
    session.evaluate("1")
    session.close()


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=5_000_000, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("neve.local")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)


def _announce(path: Path, host: str, port: int, password: str) -> None:
    """Readable by this user alone, and never half written."""
    facts = {"pid": os.getpid(), "host": host, "port": port, "account": ACCOUNT, "user": USER, "password": password}
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(facts, file)
    draft.replace(path)
