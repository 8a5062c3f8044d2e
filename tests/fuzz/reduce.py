"""The smallest input that still fails, near enough."""

from collections.abc import Callable


def reduced(body: bytes, fails: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """`body` without what can be left out, the larger parts first."""
    size = len(body) // 2
    while size and tries > 0:
        start = 0
        while start < len(body) and tries > 0:
            shorter = body[:start] + body[start + size :]
            tries -= 1
            if fails(shorter):
                body = shorter
            else:
                start += size
        size //= 2
    return body
