"""Secrets never leave: texts that may hold one go through `redact` before they are shown or written."""

import logging
import os
import re
from typing import Any

_MASK = "***"
_KEYS = r"password|passcode|token|secret|passphrase|_pwd|private_key(?!_(?:file|path))"
_PLACES = ("_path", "_file", "_url")
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


def redact_logs(*loggers: str) -> None:
    """Have what these loggers and those below them write redacted, wherever it goes: the connector may be told by its
    own config.toml to keep a log.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return

    def redacted(*values: Any, **named: Any) -> logging.LogRecord:
        record = make(*values, **named)
        if record.name.startswith(loggers):
            record.msg, record.args = redact(record.getMessage()), ()
        return record

    redacted.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(redacted)


def is_secret(key: str) -> bool:
    """Whether a connection's value under this key must not be shown."""
    return re.search(_KEYS, key, re.IGNORECASE) is not None and not key.lower().endswith(_PLACES)


def _environment() -> set[str]:
    return {
        value
        for name, value in os.environ.items()
        if name.upper().startswith("SNOWFLAKE") and is_secret(name) and len(value) >= 4
    }
