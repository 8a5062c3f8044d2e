"""Hashes and names made of them."""

import hashlib
import uuid

_BITS = frozenset((0, 224, 256, 384, 512))


def sha2(text: str, bits: int) -> str:
    """SHA2(text, 224 | 256 | 384 | 512). Raises ValueError, in the form of `faults`."""
    if bits not in _BITS:
        raise ValueError(
            f"#001044 42P13 Invalid value [{bits}] for function 'SHA2', parameter 2: must be 224, 256, 384 or 512"
        )
    return hashlib.new(f"sha{bits or 256}", text.encode()).hexdigest()


def named_uuid(space: str, name: str) -> str:
    """UUID_STRING(uuid, name): the same for the same name."""
    return str(uuid.uuid5(uuid.UUID(space), name))


FUNCTIONS = (
    ("sf_sha2", sha2, ["VARCHAR", "BIGINT"], "VARCHAR"),
    ("sf_named_uuid", named_uuid, ["VARCHAR", "VARCHAR"], "VARCHAR"),
)
