"""Hashes and names made of them."""

import hashlib
import uuid


def sha2(text: str, bits: int) -> str:
    """SHA2(text, 224 | 256 | 384 | 512)."""
    return hashlib.new(f"sha{bits or 256}", text.encode()).hexdigest()


def named_uuid(space: str, name: str) -> str:
    """UUID_STRING(uuid, name): the same for the same name."""
    return str(uuid.uuid5(uuid.UUID(space), name))


FUNCTIONS = (
    ("sf_sha2", sha2, ["VARCHAR", "BIGINT"], "VARCHAR"),
    ("sf_named_uuid", named_uuid, ["VARCHAR", "VARCHAR"], "VARCHAR"),
)
