"""What the COMMENT of the history's table says: SHOW tells it with all the rest, at no statement of its own."""

import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """`schemas`: where the project may have something, beside the target's schema. `whole`: when an apply last got to
    its end, in the account's time; `partly`: whether another one has begun since.
    """

    schemas: frozenset[tuple[str, ...]] = frozenset()
    whole: datetime | None = None
    partly: bool = False


NOTHING_NOTED = Note()


def read_note(comment: str | None) -> Note:
    """The note of a COMMENT; an empty one where there is none. Once it was the list of schemas alone."""
    told = json.loads(comment or "[]")
    if isinstance(told, list):
        return Note(frozenset(map(tuple, told)))
    whole = datetime.fromisoformat(told["whole"]) if told["whole"] else None
    return Note(frozenset(map(tuple, told["schemas"])), whole, told["partly"])


def write_note(note: Note) -> str:
    """The COMMENT of a note."""
    whole = note.whole.isoformat() if note.whole else None
    return json.dumps({"schemas": sorted(note.schemas), "whole": whole, "partly": note.partly})
