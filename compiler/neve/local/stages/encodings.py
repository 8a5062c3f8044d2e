"""Character sets of files, by Snowflake's names for them."""

import re
from collections.abc import Mapping

from neve.local.errors import invalid_value, unsupported

_CODECS: Mapping[str, str] = {
    **{name: name for name in ("BIG5", "GB18030", "SHIFTJIS", "ISO2022JP", "ISO2022KR", "IBM424")},
    **{f"UTF{kind}": f"utf-{kind}" for kind in ("16", "16BE", "16LE", "32", "32BE", "32LE")},
    **{f"ISO8859{part}": f"iso8859-{part}" for part in (1, 2, 5, 6, 7, 8, 9, 15)},
    **{f"WINDOWS125{part}": f"cp125{part}" for part in range(7)},
    "EUCJP": "euc_jp",
    "EUCKR": "euc_kr",
    "IBM949": "cp949",
    "KOI8R": "koi8-r",
    "UTF8": "utf-8-sig",
}
_WITHOUT = frozenset({"IBM420", "ISO2022CN"})
UTF8 = _CODECS["UTF8"]


def codec(name: str) -> str:
    """Python's name for it. Raises SqlError for what Snowflake does not have, or Python."""
    plain = re.sub(r"[-_]", "", name).upper()
    if plain in _WITHOUT:
        raise unsupported(f"ENCODING = {name}")
    if plain not in _CODECS:
        raise invalid_value("ENCODING", name)
    return _CODECS[plain]
