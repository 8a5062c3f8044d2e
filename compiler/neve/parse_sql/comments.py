"""dbt's way to state an edge: `-- depends_on: {{ ref('x') }}`. No other comment says what a text reads."""

import re
from collections.abc import Iterator, Sequence

from neve.ir import Reference
from neve.parse_sql.dialect import Token

_STATED = re.compile(r"(?:--|//)[ \t]*depends_on:[^\n]*")
_BY_JINJA = re.compile(r'"neve"\."(ref|source)"\."((?:[^"]|"")+)"')


def stated(text: str, tokens: Sequence[Token]) -> Iterator[Reference]:
    """What such comments name. They end where they begin: nothing is put in their place."""
    for comment in _STATED.finditer(text):
        if any(token.start <= comment.start() <= token.end for token in tokens):
            continue
        for name in _BY_JINJA.finditer(comment[0]):
            at = comment.start() + name.start()
            yield Reference(("neve", name[1], name[2].replace('""', '"')), "read", at, at)
