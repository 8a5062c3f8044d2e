"""Runs statements in processes that kill themselves at a point in time: `python -m tests.local.tasks.killed`.

It reads lines of `folder place when statement`, and answers each with `killed` or `done`. Each is a fork of this
process, which has imported everything: the process kills itself before or after the commit number `place` of its store.
"""

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from neve.local import dispatch, translate
from neve.local.engine import Engine
from neve.local.store import Store
from neve.local.translate import instance, statements

IMPORTED = (dispatch, instance, statements, translate)


def kill_at(place, when):
    """Makes the store kill the process at its commit number `place`, counted from now."""
    transaction, count = Store.transaction, 0

    @contextmanager
    def counted(store):
        nonlocal count
        outermost, changed = store._depth == 0, store._db.total_changes
        with transaction(store) as db:
            yield db
            commits = outermost and store._db.total_changes > changed
            count += commits
            if commits and (count, when) == (place, "before"):
                os.kill(os.getpid(), signal.SIGKILL)
        if commits and (count, when) == (place, "after"):
            os.kill(os.getpid(), signal.SIGKILL)

    Store.transaction = counted


def run(folder, place, when, statement):
    engine = Engine.open(Path(folder))
    session = engine.open_session("D", "PUBLIC")
    session.execute("SELECT 1")
    kill_at(int(place), when)
    session.execute(statement)
    engine.close()


def main():
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                run(*line.rstrip("\n").split(" ", 3))
            finally:
                os._exit(0)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
