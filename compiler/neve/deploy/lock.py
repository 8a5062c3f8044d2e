"""One apply at a time for a project and target: a table that only one can create.

A bare CREATE TABLE is one atomic statement with one winner. The table's COMMENT names the holder and the end of its
lease. A lease that is over is taken by renaming the table to a name made of the lease's own id: again only one can.
"""

import getpass
import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from neve.deploy.clock import server_time
from neve.deploy.connect import Connection, rows_if_there
from neve.deploy.errors import NOT_THERE, Locked, SqlError
from neve.ir import Project
from neve.names import qualified, quote_string

LEASE = timedelta(minutes=15)
_GRAVES = timedelta(days=1)
PREFIX = "NEVE_LOCK$"
_EXISTS = 2002


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, since when and until when (the account's time), for which plan; `machine` tells hosts apart."""

    id: str
    who: str
    host: str
    pid: int
    machine: str
    since: str
    expires: str
    plan: str

    def __str__(self) -> str:
        return f"{self.who} on {self.host} (process {self.pid}) since {self.since[:19]} UTC, lock {self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lock of a project and target is: the parts of the table's name."""

    database: str
    schema: str
    name: str

    @property
    def table(self) -> str:
        return qualified(self.database, self.schema, self.name)


def place_of(project: Project) -> Place:
    """The lock of a project and target, in the target's schema."""
    target = project.target
    return Place(target.database, target.schema, f"{PREFIX}{project.name}${target.name}".upper())


@contextmanager
def locked(connection: Connection, place: Place, plan: str, lease: timedelta = LEASE) -> Iterator["Lease"]:
    """Hold the lock inside the block. Raises Locked, which names the holder, when another has it."""
    held = Lease(connection, place, _acquire(connection, place, plan, lease), lease)
    try:
        yield held
    finally:
        held.release()


class Lease:
    """A lock that is held. Who works for long keeps it alive with `renew` between two statements."""

    def __init__(self, connection: Connection, place: Place, holder: Holder, lease: timedelta) -> None:
        self.connection, self.place, self.holder, self.lease = connection, place, holder, lease
        self.renewed = _monotonic()

    def renew(self) -> None:
        """Make the lease longer when a third of it is over. Raises Locked when somebody else has taken it meanwhile."""
        if _monotonic() - self.renewed < self.lease.total_seconds() / 3:
            return
        current = read_holder(self.connection, self.place)
        if current is None or current.id != self.holder.id:
            raise Locked(f"the lock was lost to {current or 'nobody'} while a statement ran", "neve plan")
        now = server_time(self.connection)
        self.holder = _holder(now, self.lease, self.holder.plan, self.holder.id, self.holder.since)
        self.connection.execute(f"ALTER TABLE {self.place.table} SET COMMENT = {_comment(self.holder)}")
        self.renewed = _monotonic()

    def release(self) -> None:
        """Give the lock back, if it is still ours."""
        for name, holder in _tables(self.connection, self.place).items():
            if name == self.place.name and holder.id == self.holder.id:
                self.connection.execute(f"DROP TABLE IF EXISTS {self.place.table}")
            elif name != self.place.name and _age(holder) > _GRAVES:
                self.connection.execute(f"DROP TABLE IF EXISTS {_beside(self.place, name).table}")


def read_holder(connection: Connection, place: Place) -> Holder | None:
    """Who holds the lock now, None when nobody does."""
    return _tables(connection, place).get(place.name)


def _tables(connection: Connection, place: Place) -> dict[str, Holder]:
    """The holders of the lock and of those that were taken over, by the names of their tables."""
    schema = qualified(place.database, place.schema)
    rows = rows_if_there(connection, f"SHOW TABLES LIKE {quote_string(place.name + '%')} IN SCHEMA {schema}")
    mine = [row for row in rows or () if row["name"] == place.name or row["name"].startswith(f"{place.name}$")]
    return {row["name"]: _read(str(row["comment"])) for row in mine}


def _beside(place: Place, name: str) -> Place:
    return Place(place.database, place.schema, name)


def _age(holder: Holder) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(holder.expires)


def unlock(connection: Connection, place: Place, lock_id: str) -> Holder:
    """Take the lock with this id away from its holder. Raises Locked when another one holds it by now, or nobody."""
    holder = read_holder(connection, place)
    if holder is None or holder.id != lock_id:
        raise Locked(f"lock {lock_id} is not held" + (f"; {holder.id} is, by {holder}" if holder else ""))
    connection.execute(f"DROP TABLE IF EXISTS {place.table}")
    return holder


def _acquire(connection: Connection, place: Place, plan: str, lease: timedelta) -> Holder:
    now = server_time(connection)
    holder = _holder(now, lease, plan, uuid.uuid4().hex[:8], now.isoformat())
    for _ in range(2):
        if _create(connection, place, holder):
            return holder
        other = read_holder(connection, place)
        if other is not None and not _take_over(connection, place, other, now):
            raise Locked(f"another apply is at work: {other}", f"wait, or neve unlock {other.id} if it is dead")
    raise Locked("another apply has just begun", "try again in a moment")


def _create(connection: Connection, place: Place, holder: Holder) -> bool:
    try:
        connection.execute(f"CREATE TABLE {place.table} (holder VARCHAR) COMMENT = {_comment(holder)}")
    except SqlError as error:
        if error.code == _EXISTS:
            return False
        raise
    return True


def _take_over(connection: Connection, place: Place, other: Holder, now: datetime) -> bool:
    """Move a dead holder's lock out of the way. Of several who try, one succeeds: the new name can be made once."""
    if datetime.fromisoformat(other.expires) > now and not _is_dead(other):
        return False
    grave = _beside(place, f"{place.name}${other.id}".upper())
    try:
        connection.execute(f"ALTER TABLE {place.table} RENAME TO {grave.table}")
    except SqlError as error:
        if error.code in {_EXISTS, *NOT_THERE}:
            return False
        raise
    return True


def _holder(now: datetime, lease: timedelta, plan: str, lock_id: str, since: str) -> Holder:
    expires = (now + lease).isoformat()
    return Holder(lock_id, getpass.getuser(), socket.gethostname(), os.getpid(), _machine(), since, expires, plan)


def _comment(holder: Holder) -> str:
    return quote_string(json.dumps(asdict(holder)))


def _read(comment: str) -> Holder:
    try:
        return Holder(**json.loads(comment))
    except (ValueError, TypeError) as error:
        raise Locked(
            "the lock's table carries no holder's name", "look at it, and drop it if it is left over"
        ) from error


def _machine() -> str:
    """What tells apart two sets of process ids: the kernel's boot and the container; "" where there is neither."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    space = Path("/proc/self/ns/pid")
    return f"{boot.read_text().strip()}/{space.readlink()}" if boot.is_file() and space.is_symlink() else ""


def _is_dead(holder: Holder) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    if not holder.machine or holder.machine != _machine():
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _monotonic() -> float:
    import time

    return time.monotonic()
