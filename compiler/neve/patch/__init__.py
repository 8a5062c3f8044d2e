"""A script of before with other statements for the few models that changed, where nothing else sees the change.

Most edits of a model leave alone what it reads, what it gives and what its header says. Then every other statement of
the script stays, and so does every finding. Whether this is so is decided here, on the safe side: in all other cases
nothing comes out, and the whole project is compiled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from neve.cache.codec import pack, unpack
from neve.cache.digests import Digest, digest_stream
from neve.cache.project import Cache, Outcome
from neve.ir import Compiled, Project
from neve.patch.again import make_again, spliced, statements
from neve.patch.slices import Written, opened, slices, written_as

_LEDGER, _SLICES = "last", "slices"
_MOST = 20
"""So many changed models, or fewer, are worth a try."""


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The last compilation: the digest of all but the texts of models, those of these, and what it came to.

    `of` says which compilation the slices are of, `written` what was written again since, by the models' paths.
    """

    of: Digest
    world: Digest
    files: Mapping[str, Digest]
    outcome: Outcome
    written: Mapping[str, tuple[Written, ...]]


def remember(
    cache: Cache, target: str | None, cli_vars: Mapping[str, Any], compiled: Compiled, outcome: Outcome
) -> None:
    """Keep of a compilation without errors what `patch` needs."""
    world, files = cache.world(target, cli_vars)
    of = digest_stream([world, *files.values()])
    columns = {(one.database, one.schema, one.name): given for one, given in compiled.columns.items()}
    cache.put(_SLICES, (of, pack(compiled.project), columns, dict(slices(compiled))))
    cache.put(_LEDGER, pack(_Ledger(of, world, files, outcome, {})))


def patch(
    cache: Cache, target: str | None, cli_vars: Mapping[str, Any], script: Callable[[Outcome], bytes | None]
) -> tuple[Outcome, bytes] | None:
    """What this compilation comes to and its script, made of that of the last one; None where that cannot be.

    `script` gives the last one's script, if it is still there.
    """
    ledger = _ledger(cache)
    world, files = cache.world(target, cli_vars)
    if ledger is None or ledger.world != world:
        return None
    changed = {path for path, one in files.items() if ledger.files.get(path) != one}
    text = script(ledger.outcome) if 0 < len(changed) <= _MOST and not _told(ledger.outcome, changed) else None
    kept = cache.take(_SLICES) if text else None
    if text is None or kept is None or kept[0] != ledger.of:
        return None
    _, project, columns, known = kept
    again = make_again(unpack(Project, project), cache.files_for(changed), columns)
    written = dict(ledger.written)
    for path in sorted(changed):
        slice_ = opened(known[path]) if path in known else None
        made = statements(again, path, slice_) if slice_ else None
        put = spliced(text, made, written.get(path, slice_.written)) if made and slice_ else None
        if made is None or put is None:
            return None
        text, written[path] = put, tuple(map(written_as, made))
    outcome = replace(ledger.outcome, script=digest_stream([text]))
    cache.put(_LEDGER, pack(replace(ledger, files=files, outcome=outcome, written=written)))
    cache.keep(target, cli_vars, outcome)
    return outcome, text


def _ledger(cache: Cache) -> _Ledger | None:
    kept = cache.take(_LEDGER)
    return unpack(_Ledger, kept) if kept else None


def _told(outcome: Outcome, paths: set[str]) -> bool:
    """Whether something was said of one of these files, whose place may be another now."""
    spans = (place for one in outcome.findings for place in (one.span, *(related.span for related in one.related)))
    return any(span and span.path in paths for span in spans)
