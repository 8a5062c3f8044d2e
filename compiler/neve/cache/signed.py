"""Files of plain data that nobody but this user can have written.

`marshal` reads fast, but trusts what it reads. So a file begins with a signature, made with a key of the user's own
outside of any project: what is damaged, or came with somebody else's files, is not read at all.
"""

import marshal
import os
from hashlib import blake2b
from pathlib import Path
from typing import Any

_SIZE = 32


def load(path: Path) -> Any:
    """What `store` wrote there; None when there is nothing, or something else."""
    try:
        written = path.read_bytes()
    except OSError:
        return None
    key = _user_key(make=False)
    body = memoryview(written)[_SIZE:]
    if key is None or written[:_SIZE] != _signature(key, body):
        return None
    return marshal.loads(body)  # noqa: S302  the signature says that we wrote it


def store(folder: Path, name: str, data: Any) -> None:
    """Put plain data into a file of a cache folder, in one step. Where that cannot be written, nothing is kept."""
    key = _user_key(make=True)
    if key is None:
        return
    body = marshal.dumps(data)
    try:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_out_of_git(folder)
        _replace(path, _signature(key, body), body)
    except OSError:
        return


def _signature(key: bytes, body: bytes | memoryview) -> bytes:
    return blake2b(body, digest_size=_SIZE, key=key).digest()


def _user_key(*, make: bool) -> bytes | None:
    """32 random bytes in the user's own cache folder; None when there are none and none can be made."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  no exception
    path = Path(folder, "neve", "key")
    try:
        key = path.read_bytes() if path.is_file() else b""
        if len(key) != _SIZE and make:
            key = os.urandom(_SIZE)
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, key)
    except OSError:
        return None
    return key if len(key) == _SIZE else None


def _keep_out_of_git(folder: Path) -> None:
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _replace(path: Path, *parts: bytes) -> None:
    """Write a file for this user alone, so that others see all of it or nothing."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(parts)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
