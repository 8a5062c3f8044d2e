"""Lambdas: the value that REDUCE starts with tells the type of what it has so far."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def write_out_lambdas(tree: "exp.Expr") -> None:
    """Every REDUCE with values of VARIANT, and casts around what it has so far and what it gives."""
    from sqlglot import exp

    from neve.local.translate.returns import annotator
    from neve.local.translate.typing import literal_type

    for node in list(tree.find_all(exp.Reduce)):
        start, body = node.args["initial"], node.args["merge"]
        fraction = isinstance(start, exp.Literal) and not start.is_string and not start.name.isdecimal()
        kind = literal_type(start.name) if fraction else annotator().annotate(start).type
        if kind is None or kind.this == exp.DType.UNKNOWN or not isinstance(body, exp.Lambda):
            continue
        so_far = body.expressions[0].name
        for name in [name for name in body.this.find_all(exp.Identifier) if name.name == so_far]:
            if not isinstance(name.parent, exp.Cast | exp.Column):
                name.replace(exp.Cast(this=name.copy(), to=kind.copy()))
        body.set("this", exp.Cast(this=body.this, to=kind.copy()))
        node.set("initial", exp.ToVariant(this=start))
        around = exp.Cast(this=exp.Null(), to=kind.copy())
        node.replace(around)
        around.set("this", exp.ToVariant(this=node))
