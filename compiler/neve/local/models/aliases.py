"""`WITH a AS MODEL m VERSION v SELECT a!PREDICT(…)`: the alias written out as MODEL(m, v), which sqlglot parses."""

import re
from collections.abc import Mapping
from itertools import pairwise

from neve.local.reader import Reader
from neve.local.sqltext import Statement, identifier_of, is_word, plain_text, tokenize

_ENTRY = re.compile(r"\bAS\s+MODEL\b", re.IGNORECASE)


def write_out(text: str) -> str:
    """The statement without its AS MODEL entries; itself when it has none."""
    if not _ENTRY.search(text):
        return text
    statement = Statement.of(text)
    words = [plain_text(token).upper() for token in statement.tokens]
    if words[:1] != ["WITH"] or ("AS", "MODEL") not in pairwise(words):
        return text
    entries, aliases, body = _entries(statement)
    return _replaced(f"WITH {', '.join(entries)} {body}" if entries else body, aliases)


def _entries(statement: Statement) -> tuple[list[str], dict[str, str], str]:
    """The entries that are queries, the aliases of models and what they stand for, what follows."""
    reader = Reader.over(statement)
    reader.expect("WITH")
    entries, aliases = [], {}
    while True:
        start, alias = reader.offset, reader.name()
        if reader.take("AS", "MODEL"):
            aliases[alias] = f"MODEL({_model(reader)})"
        else:
            reader.until(",", "SELECT")
            entries.append(statement.text[start : reader.done])
        if not reader.take(","):
            return entries, aliases, statement.text[reader.offset :]


def _model(reader: Reader) -> str:
    start = reader.offset
    reader.name()
    while reader.take("."):
        reader.name()
    name = reader.text[start : reader.done]
    if not reader.take("VERSION"):
        return name
    start = reader.offset
    reader.name()
    return f"{name}, {reader.text[start : reader.done]}"


def _replaced(text: str, aliases: Mapping[str, str]) -> str:
    pieces, done = [], 0
    for token, following in pairwise(tokenize(text)):
        if is_word(token) and following.text == "!" and identifier_of(token) in aliases:
            pieces += [text[done : token.start], aliases[identifier_of(token)]]
            done = token.end + 1
    return "".join([*pieces, text[done:]])
