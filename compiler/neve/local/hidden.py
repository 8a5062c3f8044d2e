"""Secrets in the text of statements and in properties: other words stand for them where they are shown or kept."""

import re

MASK = "****"

_NAME = r"\b(?!\w*(?:_ENDPOINT|_VALIDITY|SECRETS)\b)(?:PASSWORD|\w{0,64}(?:SECRET|TOKEN|KEY)\w{0,64})\b"
_STRING = r"''[^']+''|\\'[^'\\]*\\'|'(?:[^'\\]|\\.?|'')*(?:'|\Z)|\$\$.*?(?:\$\$|\Z)"
_GAP = r"(?:\s|/\*.*?\*/|(?:--|//)[^\n]*+\n)*+"
_VERB = re.compile(r"\b(?:CREATE|ALTER|COPY)\b", re.IGNORECASE)
_KIND = re.compile(r"\b(?:USER|INTEGRATION|SECRET|STAGE|CREDENTIALS|ENCRYPTION)\b", re.IGNORECASE)
_SECRET = re.compile(
    rf"({_NAME}{_GAP}={_GAP})(?:{_STRING}|[^\s,;()']+)|({_NAME}{_GAP})(?:{_STRING})", re.IGNORECASE | re.DOTALL
)


def is_secret(name: str) -> bool:
    """Whether a property of this name has a secret."""
    return re.fullmatch(_NAME, name, re.IGNORECASE) is not None


def masked(text: str) -> str:
    """A statement, or a text that has one in it, without the secrets of users, integrations and stages. What looks like
    one in a query stays; of a string that ends nowhere nothing stays.
    """
    if not (_VERB.search(text) and _KIND.search(text)):
        return text
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}{MASK}", text)
