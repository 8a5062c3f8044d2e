"""The local engine on broken statements: an answer or Snowflake's error, never a fault of the engine's own."""

import random
import threading
import traceback
from pathlib import Path

from fuzz.corpus import statements
from fuzz.limits import TooSlow, seconds_of_processor
from fuzz.mutations import mutated
from neve.local.engine import Engine
from neve.local.errors import SqlError

SECONDS = 20.0
INTERNAL = 603
FRESH = 50
SETUP, STATEMENTS = statements("engine_setup"), statements("engine_statements")


class Statements:
    """An engine on which one broken statement at a time is run, in a schema that is made anew now and then."""

    def __init__(self, root: Path) -> None:
        self._engine = Engine.open(root)
        self._tried = 0
        self._session = self._open()

    def close(self) -> None:
        self._engine.close()

    def case(self, seed: int) -> tuple[str, bytes]:
        """What trial number `seed` tries."""
        dice = random.Random(seed)
        text = mutated(dice, dice.choice(STATEMENTS), STATEMENTS)
        return "statement", text.encode("utf-8", "surrogatepass")

    def problem(self, _: str, body: bytes) -> str:
        """What is wrong with how the engine takes it, "" for nothing."""
        self._tried += 1
        if self._tried % FRESH == 0 or self._session.cancelled.is_set():
            self._session.close()
            self._session = self._open()
        watch = threading.Timer(SECONDS, self._session.cancel)
        watch.start()
        try:
            with seconds_of_processor(SECONDS):
                self._session.execute(body.decode(errors="replace"))
        except SqlError as error:
            return _fault(error) if error.code == INTERNAL else ""
        except TooSlow:
            return f"longer than {SECONDS:g} seconds"
        except Exception:  # noqa: BLE001 - every exception is the finding
            return traceback.format_exc()
        finally:
            watch.cancel()
        return ""

    def _open(self):
        session = self._engine.open_session()
        for statement in SETUP:
            session.execute(statement)
        return session


def _fault(error: SqlError) -> str:
    cause = error.__cause__ or error
    return "".join(traceback.format_exception(cause))
