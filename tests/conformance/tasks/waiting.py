"""Waiting for what a run does in its own time."""

from time import monotonic, sleep


def wait_for(look, seconds=10):
    """What `look` gives once that is true."""
    end = monotonic() + seconds
    while not (found := look()):
        assert monotonic() < end
        sleep(0.01)
    return found
