"""Engines for tests: one in a folder of its own, schemas in it, and how a client reaches it."""

import itertools

from neve.local.engine import Engine

NUMBERS = itertools.count(1)


def fresh(tmp_path_factory):
    """What a fixture yields from: an engine, closed at the end."""
    opened = Engine.open(tmp_path_factory.mktemp("engine"))
    yield opened
    opened.close()


def own_schema(engine):
    """The name of a new schema of the database D."""
    name = f"S{next(NUMBERS)}"
    session = engine.open_session()
    session.execute("CREATE DATABASE IF NOT EXISTS D")
    session.execute(f"CREATE SCHEMA D.{name}")
    session.close()
    return name


def login(engine):
    """The connector's arguments."""
    server = engine.listen()
    host, port = server.address
    reached = {"host": host, "port": port, "protocol": "http", "account": "neve_local"}
    return {**reached, "user": "neve", "password": server.password}
