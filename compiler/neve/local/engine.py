"""One engine: a state folder, a DuckDB instance, the store, sessions and results."""

import logging
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local import disk, dispatch, marks
from neve.local.databases import Databases
from neve.local.protocol.jobs import Jobs
from neve.local.queries import Queries
from neve.local.result import Result
from neve.local.session import Session
from neve.local.stages.routes import sweep
from neve.local.store import Store
from neve.local.tasks.clock import Clock

if TYPE_CHECKING:
    import duckdb

    from neve.local.protocol.http import Server

log = logging.getLogger("neve.local")

ACCOUNT = "neve_local"
USER = "neve"
ROLE = "ACCOUNTADMIN"
_KEPT_RESULTS = 1000
_KEPT_BYTES = 500_000_000


class StateUnreadable(Exception):  # noqa: N818 - what the state is
    """The files of a state folder are not what an engine wrote, or can't be written: the message says what to do."""


@contextmanager
def _readable(state: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.Error, sqlite3.Error, OSError) as error:
        file = "catalog.sqlite: " if isinstance(error, sqlite3.Error) else ""
        reason = file + str(error).splitlines()[0].rstrip(".!")
        anew = f"put copies of its files in their place, or move it away to begin anew: mv {state} {state}.broken"
        mend = disk.ADVICE if disk.is_full(error) else anew
        raise StateUnreadable(f"its state in {state} cannot be used: {reason}. To mend it, {mend}") from error


@dataclass
class Engine:
    """Made by `Engine.open`. `services` are what areas run in the background, by their name in dispatch.SERVICES;
    `live_views` whether there are any (translate.live), None before it was asked.
    """

    state: Path
    store: Store
    duck: "duckdb.DuckDBPyConnection"
    databases: Databases
    clock: Clock
    services: dict[str, Any] = field(default_factory=dict)
    jobs: Jobs = field(default_factory=Jobs)
    queries: Queries = field(default_factory=Queries)
    live_views: bool | None = None
    _sessions: dict[str, Session] = field(default_factory=dict)
    _masters: dict[str, Session] = field(default_factory=dict)
    _guests: set[str] = field(default_factory=set)
    _results: "OrderedDict[str, Result]" = field(default_factory=OrderedDict)
    _kept_bytes: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _server: "Server | None" = None

    @classmethod
    def open(cls, state: Path) -> "Engine":
        """The engine of a state folder, which is made when missing. Only one process may have it open. Raises
        StateUnreadable.
        """
        with _readable(Path(state)):
            return cls._open(Path(state))

    @classmethod
    def _open(cls, state: Path) -> "Engine":
        from neve.local.translate import instance

        for folder in (state, state / "data", state / "stages"):
            folder.mkdir(parents=True, exist_ok=True)
        duck = instance.connect()
        store = Store(state / "catalog.sqlite", dispatch.SCHEMAS)
        clock = Clock(store, partial(instance.run_ahead, duck))
        engine = cls(state, store, duck, Databases(duck, state / "data", store), clock)
        engine.databases.attach_all()
        done = marks.read(engine)
        sweep(engine)
        for name, start in dispatch.SERVICES.items():
            engine.services[name] = start(engine)
        marks.forget(engine, done)
        return engine

    def close(self) -> None:
        """Stops the services, last first, then closes sessions and files. The state stays."""
        for service in reversed(self.services.values()):
            service.close()
        self.services.clear()
        if self._server:
            self._server.close()
        for session in self.sessions():
            session.close()
        self.duck.close()
        self.store.close()

    # Sessions

    def open_session(
        self,
        database: str | None = None,
        schema: str | None = None,
        role: str | None = None,
        warehouse: str | None = None,
        task: Any = None,
    ) -> Session:
        """A session with this context (names as stored); for a client, a task run or a test."""
        session = Session(self, database, schema, role or ROLE, warehouse, USER.upper(), task)
        with self._lock:
            self._sessions[session.token] = self._masters[session.master_token] = session
        return session

    def sessions(self) -> list[Session]:
        with self._lock:
            return list(set(self._sessions.values()))

    def session(self, token: str) -> Session | None:
        """The session with this session token, its own or a guest's."""
        return self._sessions.get(token)

    def session_of_master(self, token: str) -> Session | None:
        return self._masters.get(token)

    def token_for(self, session: Session) -> tuple[str, str]:
        """(session token, master token) of a guest: a client that gives them joins this session, and does not end it
        when it goes.
        """
        tokens = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[tokens[0]] = self._masters[tokens[1]] = session
            self._guests.add(tokens[0])
        return tokens

    def end(self, token: str) -> None:
        """A client goes: its session ends, unless it was a guest's token."""
        with self._lock:
            session, guest = self._sessions.get(token), token in self._guests
            if guest:
                self._guests.discard(token)
                self._sessions.pop(token)
        if session is not None and not guest:
            session.close()

    def forget_session(self, session: Session) -> None:
        with self._lock:
            for tokens in (self._sessions, self._masters):
                for token in [token for token, owner in tokens.items() if owner is session]:
                    del tokens[token]

    def dropped_schema(self, database: str, schema: str) -> None:
        """Lets every area drop what it keeps in that schema."""
        for forget in dispatch.DROPPED_SCHEMA:
            forget(self, database, schema)

    # Results

    def keep(self, result: Result) -> None:
        """Keeps a result for RESULT_SCAN and for clients that ask again; the oldest go when they are too many."""
        with self._lock:
            self._results[result.query_id] = result
            self._kept_bytes += result.table.nbytes
            while len(self._results) > _KEPT_RESULTS or (self._kept_bytes > _KEPT_BYTES and len(self._results) > 1):
                _, oldest = self._results.popitem(last=False)
                self._kept_bytes -= oldest.table.nbytes

    def result(self, query_id: str) -> Result | None:
        return self._results.get(query_id.lower())

    # The way in

    @property
    def address(self) -> tuple[str, int]:
        """(host, port) where it answers; starts to listen on a free port of 127.0.0.1 when it does not yet."""
        return self.listen().address

    def listen(self, port: int = 0, password: str | None = None) -> "Server":
        """Answers the connector on 127.0.0.1; the same server when called again."""
        from neve.local.protocol.http import Server

        with self._lock:
            if self._server is None:
                self._server = Server.start(self, port, password or secrets.token_urlsafe(24))
            return self._server
