"""Declared streams: what they are on must be a declared table."""

from collections.abc import Sequence

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Related, Say
from neve.ir import SourceTable
from neve.names import nearest
from neve.nodes import sources_named

CODE = "NEVE303"


def check(compiling: Compiling, say: Say) -> None:
    sources = compiling.project.sources.values()
    for stream in sources:
        if stream.stream_on:
            found = sources_named(compiling.project, stream.stream_on)
            if len(found) != 1:
                say(_not_one(stream, found, [one.name for one in sources if not one.stream_on]))
            elif found[0].stream_on:
                message = f"`{stream.stream_on}` is a stream, and a stream cannot be on another one"
                related = (Related(found[0].span, "It is declared here."),)
                hint = f"Write `stream_on: {found[0].stream_on}`." if found[0] is not stream else ""
                say(Diagnostic(CODE, message, stream.stream_span, related=related, hint=hint))


def _not_one(stream: SourceTable, found: Sequence[SourceTable], tables: Sequence[str]) -> Diagnostic:
    if found:
        named = " or ".join(f"`{one.source}.{one.name}`" for one in found)
        related = tuple(Related(one.span, "This is one.") for one in found)
        message = f"`{stream.stream_on}` could be one of {len(found)} declared tables"
        return Diagnostic(CODE, message, stream.stream_span, related=related, hint=f"Write {named}.")
    meant = nearest(stream.stream_on.rpartition(".")[2], tables)
    hint = f"Did you mean `{meant}`?" if meant else "Declare the table that the stream is on below `sources:`, too."
    return Diagnostic(CODE, f"No declared source table is called `{stream.stream_on}`", stream.stream_span, hint=hint)
