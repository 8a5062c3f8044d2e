"""From a target to a connection. The only module that knows the connector, and (with the verb `engine`) the engine."""

import contextlib
import logging
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from neve.deploy.errors import NOT_THERE, SqlError, Unreachable
from neve.deploy.redact import is_secret, redact_logs, remember
from neve.names import quote_identifier

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from neve.ir import Target
    from neve.local.manage import Running

Row = Mapping[str, Any]
"""One row of a result, by column name in lower case."""

_LOGIN_SECONDS = 60
_LOUD = ("snowflake.connector", "urllib3", "botocore", "boto3")


class Connection(Protocol):
    """What plan, apply and runs need of an account: one statement in, its rows out."""

    def execute(self, sql: str) -> list[Row]:
        """Raises SqlError for a statement that is refused, Unreachable when nobody answers."""
        ...


def rows_if_there(connection: Connection, sql: str) -> list[Row] | None:
    """The rows of a statement; None where something that it names does not exist."""
    try:
        return connection.execute(sql)
    except SqlError as error:
        if error.code in NOT_THERE:
            return None
        raise


class Account:
    """A connection over Snowflake's own connector.

    Statements are sent from a thread of their own: in the main thread the connector would take Ctrl-C for itself, and
    cancel the statement at work where an apply wants to end after it.
    """

    def __init__(self, raw: "SnowflakeConnection") -> None:
        self.raw = raw
        self._sender = ThreadPoolExecutor(1, "sql")

    def execute(self, sql: str) -> list[Row]:
        return self._sender.submit(self._execute, sql).result()

    def _execute(self, sql: str) -> list[Row]:
        with self.raw.cursor() as cursor, explained():
            cursor.execute(sql)
            names = [column.name.lower() for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        self._sender.submit(self.raw.close).result()
        self._sender.shutdown()


@contextlib.contextmanager
def open_account(target: "Target", root: Path) -> Iterator[Account]:
    """A connection to the target, closed at the end. Starts the local engine when the target is local and none runs.

    Raises Unreachable with what to do about it.
    """
    account = Account(_connect(target, root))
    try:
        yield account
    finally:
        account.close()


def open_engine(root: Path) -> contextlib.AbstractContextManager[Account]:
    """As `open_account`, to the project's local engine, whatever the targets are."""
    from neve.ir import Target

    return open_account(Target("local", "local", database="", schema=""), root)


def engine_state(root: Path) -> Path:
    """The folder where a project's local engine keeps its state."""
    return root / ".neve" / "engine"


def _connect(target: "Target", root: Path) -> "SnowflakeConnection":
    arguments = local_arguments(root) if target.engine == "local" else account_arguments(target)
    remember(*(value for key, value in arguments.items() if is_secret(key)))
    _hush()
    from snowflake import connector

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raw = connector.connect(**arguments)
            return _as_local(raw, target) if target.engine == "local" else _as_pinned(raw, target)
    except (connector.errors.Error, OSError, ValueError, TypeError) as error:
        raise Unreachable(f"cannot connect to {_describe(target)}: {_sentence(error)}", _advice(target)) from error


def _as_local(raw: "SnowflakeConnection", target: "Target") -> "SnowflakeConnection":
    """The connection in the target's role, which is made when it is not there: nobody hands out roles on a laptop."""
    if target.role:
        role = quote_identifier(target.role)
        raw.cursor().execute(f"CREATE ROLE IF NOT EXISTS {role}")
        raw.cursor().execute(f"USE ROLE {role}")
    return raw


def _as_pinned(raw: "SnowflakeConnection", target: "Target") -> "SnowflakeConnection":
    """The connection, if its role is the one that the target wants; else Unreachable, and it is closed."""
    if target.role and raw.role and raw.role.upper() != target.role.upper():
        raw.close()
        raise Unreachable(
            f"target {target.name!r} is for role {target.role}, but {_describe(target)} logs in as {raw.role}",
            f"grant role {target.role} to the user",
        )
    return raw


def local_arguments(root: Path) -> dict[str, Any]:
    """The connector's arguments for the project's engine, which is started when none runs."""
    running = start_engine(root)
    return {
        **running.connection,
        "login_timeout": 20,
        "session_parameters": {"CLIENT_TELEMETRY_ENABLED": False},
        "backoff_policy": lambda: _while_it_runs(running, root),
    }


def _while_it_runs(running: "Running", root: Path) -> Iterator[int]:
    """The seconds between two attempts of the connector, which else tries for ever. Raises Unreachable."""
    yield 1
    while running_engine(root) == running:
        yield 1
    raise Unreachable("the local engine has stopped meanwhile", "neve runs, which starts it again")


def start_engine(root: Path) -> "Running":
    """The project's engine, started when none runs. Raises Unreachable when it does not come up."""
    from neve.local import manage

    try:
        return manage.start(engine_state(root))
    except (manage.EngineFailed, OSError) as error:
        log = engine_state(root) / "engine.log"
        first, *rest = str(error).splitlines()
        words = f"{first} {rest[-1]}" if rest else first
        raise Unreachable(f"the local engine does not start: {words}", f"read {log}") from error


def running_engine(root: Path) -> "Running | None":
    """The project's engine, if one runs and answers."""
    from neve.local import manage

    return manage.status(engine_state(root))


def stop_engine(root: Path) -> bool:
    """Stops the project's engine; False when none ran. Raises Unreachable when it does not go."""
    from neve.local import manage

    try:
        return manage.stop(engine_state(root))
    except manage.EngineFailed as error:
        raise Unreachable(str(error)) from error


def account_arguments(target: "Target") -> dict[str, Any]:
    """The connector's arguments for an account, gathered as the Snowflake CLI documents.

    Role and warehouse are the target's own when it has some. Raises Unreachable for an account that it does not want.
    """
    from neve.deploy.connections import gather, same_account

    arguments = gather(target.connection)
    account = str(arguments.get("account", ""))
    if target.account and not same_account(account, target.account):
        raise Unreachable(
            f"target {target.name!r} is for account {target.account!r}, but {_describe(target)} leads to {account!r}",
            "choose another target with -t, or another connection in project.yml",
        )
    given = {key: value for key, value in (("role", target.role), ("warehouse", target.warehouse)) if value}
    return {"login_timeout": _LOGIN_SECONDS, "application": "neve", **arguments, **given}


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn the connector's exceptions into ours."""
    from snowflake.connector import errors

    try:
        yield
    except (errors.OperationalError, errors.InterfaceError) as error:
        raise Unreachable(f"the connection broke off: {_sentence(error)}") from error
    except errors.Error as error:
        raise SqlError(_sentence(error), error.errno or 0, error.sqlstate or "") from error


def _sentence(error: Exception) -> str:
    """The text of an error without the prefix of code, state and query id."""
    return str(getattr(error, "raw_msg", None) or getattr(error, "msg", None) or error).strip()


def _describe(target: "Target") -> str:
    if target.engine == "local":
        return "the local engine"
    name = f"connection {target.connection!r}" if target.connection else "the account of the environment"
    return f"{name} of target {target.name!r}"


def _advice(target: "Target") -> str:
    if target.engine == "local":
        return "neve engine stop, then once more; the engine's own words are in .neve/engine/engine.log"
    return "check connections.toml and the SNOWFLAKE_ variables, and that this machine reaches the account"


def _hush() -> None:
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    redact_logs(*_LOUD)
