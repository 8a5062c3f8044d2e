"""What the reading of a file gave, as plain tuples and back: for the cache, and from a worker process."""

from collections.abc import Callable, Mapping
from typing import Any

from neve.diagnostics.model import Diagnostic, Related, Severity, Span
from neve.ir import (
    Column,
    DataTest,
    Facts,
    From,
    Header,
    Node,
    Output,
    Reference,
    Relation,
    Rendered,
    ReturnRead,
    Scope,
    SourceFile,
    Statement,
    Value,
)

Packed = Any
"""Tuples, texts, numbers and None, as `marshal` takes them."""


def pack_diagnostic(one: Diagnostic) -> Packed:
    related = tuple((_pack_span(other.span), other.message) for other in one.related)
    return one.code, one.message, _pack_span(one.span), str(one.severity), one.hint, related


def unpack_diagnostic(packed: Packed) -> Diagnostic:
    code, message, span, severity, hint, related = packed
    others = tuple(Related(Span(*place), text) for place, text in related)
    return Diagnostic(code, message, span and Span(*span), Severity(severity), hint, others)


def pack_node(node: Node) -> Packed:
    """A node without its file's text, from which `unpack_node` takes what stands there."""
    header = node.header
    values = tuple((key, value.data, _pack_span(value.span)) for key, value in header.values.items())
    relation = node.relation and (node.relation.database, node.relation.schema, node.relation.name)
    others = tuple((test.name, _pack_text(test.query)) for test in node.tests)
    initial = node.initial and _pack_text(node.initial)
    packed_header = (values, header.description, header.body)
    return node.name, packed_header, _pack_text(node), node.materialized, node.graph, relation, initial, others


def unpack_node(packed: Packed, file: SourceFile, value_of: Callable[[Packed], Value]) -> Node:
    """The node of `file`. `value_of` gives a value for its packed form: the same one for the same default."""
    name, (values, description, body), text, materialized, graph, relation, initial, tests = packed
    header = Header({key: value_of((data, span)) for key, data, span in values}, description, body)
    where = relation and Relation(*relation)

    def node(text: Packed, **more: Any) -> Node:
        rendered, facts = _unpack_text(text, file, header)
        return Node(name, file, header, rendered, facts, materialized, graph, where, **more)

    if initial is None and not tests:
        return node(text)
    return node(
        text,
        initial=initial and node(initial),
        tests=tuple(DataTest(label, node(query)) for label, query in tests),
    )


def value_maker() -> Callable[[Packed], Value]:
    """Makes each default of project.yml once, however many files have it."""
    defaults: dict[tuple[str, int, int], Value] = {}

    def value_of(packed: Packed) -> Value:
        data, span = packed
        if span[0] != "project.yml":
            return Value(data, Span(*span))
        if span not in defaults:
            defaults[span] = Value(data, Span(*span))
        return defaults[span]

    return value_of


def _pack_span(span: Span | None) -> Packed:
    return span and (span.path, span.start, span.end)


def _pack_text(node: Node) -> Packed:
    rendered, facts = node.rendered, node.facts
    own = rendered.text in {node.file.text, node.file.text[node.header.body :]} and not rendered.jinja
    config: Mapping[str, Any] = dict(rendered.config)
    text = (None if own else rendered.text, rendered.jinja, config, rendered.incremental, _pack_span(rendered.span))
    return (
        text,
        tuple(map(_pack_reference, facts.references)),
        tuple((read.task, read.start, read.end) for read in facts.returned),
        facts.config_keys,
        tuple(map(_pack_reference, facts.calls)),
        tuple((one.start, one.end, one.scripting) for one in facts.statements),
        facts.imports,
        facts.returns,
        facts.values,
        tuple(map(_pack_scope, facts.scopes)),
        facts.result,
    )


def _pack_scope(scope: Scope) -> Packed:
    return (
        tuple((one.name, one.table, one.scope, one.columns) for one in scope.sources),
        tuple((one.table, one.name, one.start, one.end) for one in scope.columns),
        tuple((one.name, one.alias, one.star, one.table, one.left_out, one.renamed) for one in scope.outputs),
        *(scope.merged, scope.outer, scope.closed, scope.union),
    )


def _unpack_scope(packed: Packed) -> Scope:
    sources, columns, outputs, *rest = packed
    return Scope(
        tuple([From(*one) for one in sources]),
        tuple([Column(*one) for one in columns]),
        tuple([Output(*one) for one in outputs]),
        *rest,
    )


def _pack_reference(one: Reference) -> Packed:
    return one.parts, one.access, one.start, one.end, one.bare, one.literal


def _unpack_text(packed: Packed, file: SourceFile, header: Header) -> tuple[Rendered, Facts]:
    first, references, returned, keys, calls, statements, imports, returns, values, scopes, result = packed
    text, jinja, config, incremental, span = first
    if text is None:
        text = file.text if file.kind == "python_task" else file.text[header.body :]
    rendered = Rendered(text, jinja, config, incremental, span and Span(*span))
    facts = Facts(
        tuple([Reference(*one) for one in references]),
        tuple([ReturnRead(*one) for one in returned]),
        keys,
        tuple([Reference(*one) for one in calls]),
        tuple([Statement(*one) for one in statements]),
        imports,
        returns,
        values,
        tuple([_unpack_scope(one) for one in scopes]),
        result,
    )
    return rendered, facts
