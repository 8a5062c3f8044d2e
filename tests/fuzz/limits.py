"""A limit on what a trial may cost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooSlow(BaseException):
    """No Exception, so that nobody catches it by accident."""


def _raise(*_: object) -> None:
    raise TooSlow


@contextmanager
def seconds_of_processor(limit: float) -> Iterator[None]:
    """Raises TooSlow once this process has computed for `limit` seconds; what else runs does not count."""
    before = signal.signal(signal.SIGPROF, _raise)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
