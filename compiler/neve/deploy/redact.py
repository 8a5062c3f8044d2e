"""Secrets never leave: texts that may hold one go through `redact` before they are shown or written."""

import os
import re

_MASK = "***"
_KEYS = r"password|passcode|token|secret|passphrase|private_key(?!_(?:file|path))|client_secret|oauth_client_secret"
_ASSIGNED = re.compile(
    rf"""(?ix)
    (["']? \b[\w.-]*(?:{_KEYS})[\w.-]*["']? \s* (?:=>|[:=]) \s*)     # password = , "token": , SECRET =>
    (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.|'')*' | [^\s,;)}}\]]+ )
    """
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_HEADER = re.compile(r'(?i)(Snowflake Token=|Bearer\s+|Basic\s+)"?[\w.~+/=:-]{8,}"?')
_known: set[str] = set()


def remember(*secrets: object) -> None:
    """Have these values masked wherever they turn up: passwords and tokens of the connection in use."""
    _known.update(str(secret) for secret in secrets if secret and len(str(secret)) >= 4)


def redact(text: str) -> str:
    """The text with every secret replaced by ***: those in use, those of the environment, and what looks like one."""
    for secret in sorted(_known | _environment(), key=len, reverse=True):
        text = text.replace(secret, _MASK)
    text = _KEY_BLOCK.sub(_MASK, text)
    text = _HEADER.sub(rf"\1{_MASK}", text)
    return _ASSIGNED.sub(rf"\1{_MASK}", text)


def is_secret(key: str) -> bool:
    """Whether a connection's value under this key must not be shown."""
    return re.search(_KEYS, key, re.IGNORECASE) is not None


def _environment() -> set[str]:
    return {
        value
        for name, value in os.environ.items()
        if name.upper().startswith("SNOWFLAKE") and is_secret(name) and len(value) >= 4
    }
