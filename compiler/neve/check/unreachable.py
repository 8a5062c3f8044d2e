"""Names that cannot be written out where they stand: no variable, or no single piece of text, reaches there."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say
from neve.ir import Node, Reference, Relation
from neve.names import qualified
from neve.nodes import schema_of

IN_STRING = "NEVE308"
IN_PIECES = "NEVE309"


def check(compiling: Compiling, say: Say) -> None:
    for node in compiling.nodes.values():
        for reference, relation in node.links:
            if node.file.kind == "python_task" or (reference.literal and relation.schema is not None):
                _in_pieces(compiling, node, reference, relation, say)
            elif reference.literal:
                message = (
                    f"`{relation.name.lower()}` is a table of the run, and a string that is executed cannot name it"
                )
                hint = "Write the statement itself instead of EXECUTE IMMEDIATE."
                say(Diagnostic(IN_STRING, message, compiling.place(node, reference), hint=hint))


def _in_pieces(compiling: Compiling, node: Node, reference: Reference, relation: Relation, say: Say) -> None:
    """A name without its schema, in pieces or in a helper, means a table of the session's schema in the run."""
    declared = reference.start == reference.end == 0
    home = schema_of(compiling.project, node)
    if reference.start < reference.end or declared or len(reference.parts) > 1 or relation.schema in {None, home}:
        return
    name = qualified(relation.database, relation.schema or "", relation.name)
    message = f"`{reference.parts[-1].lower()}` is {name}, but the name cannot be completed here: it is put together"
    hint = f"Write it in full, {name}, or as one piece of text in this file."
    say(Diagnostic(IN_PIECES, message, compiling.where(node, reference.start, reference.end), hint=hint))
