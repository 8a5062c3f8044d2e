"""Reads CREATE, ALTER, DROP and EXECUTE TASK (fact sheet 1.1, 2.1, 2.3, 2.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from neve.local.errors import unsupported
from neve.local.reader import Reader
from neve.local.tasks import refusals
from neve.local.tasks.options import Kind, Setting
from neve.local.tasks.reading import Name, decimal, dotted, list_of, rest, sees_number
from neve.local.tasks.syntax import (
    Action,
    AddAfter,
    Alter,
    Clone,
    Create,
    Drop,
    Mode,
    Pairs,
    RemoveAfter,
    Resume,
    Retry,
    Run,
    Set,
    SetBody,
    SetContacts,
    SetExecuteAs,
    SetFinalize,
    SetTags,
    SetWhen,
    Suspend,
    Unset,
    UnsetContacts,
    UnsetTags,
)


def parse_create(text: str) -> Create | Clone:
    """CREATE TASK in all its forms. Raises SqlError."""
    reader = Reader.of(text)
    mode, name = _create_head(reader)
    if mode is not Mode.ALTER and reader.take("CLONE"):
        clone = Clone(name, mode, dotted(reader))
        reader.finish()
        return clone
    options = _Options()
    _read_options(reader, options)
    after: tuple[Name, ...] = ()
    if reader.take("AFTER"):
        after = list_of(reader, dotted)
        _read_options(reader, options)  # published scripts have a COMMENT there
    execute_as = reader.name() if reader.take("EXECUTE", "AS", "USER") else None
    when = None
    if reader.take("WHEN"):
        when = _condition(reader)
        _read_options(reader, options)
    reader.expect("AS")
    return Create(
        name, mode, tuple(options.settings), options.tags, options.contacts, options.finalize, after, execute_as, when,
        rest(reader),
    )  # fmt: skip


def _condition(reader: Reader) -> str:
    """What WHEN asks: up to AS, or to an option, which an example of the documentation has there."""
    start, depth = reader.position, 0
    while not reader.at_end() and not (depth == 0 and (reader.sees("AS") or _begins_option(reader, start))):
        depth += reader.sees("(") - reader.sees(")")
        reader.position += 1
    if reader.position == start:
        raise reader.unexpected()
    return reader.slice(reader.tokens[start : reader.position])


def _begins_option(reader: Reader, start: int) -> bool:
    """Whether `name =` stands where the condition is complete: after a call, a literal or a cast."""
    if reader.position == start or reader.word(1) != "=" or not reader.word().isidentifier():
        return False
    before = reader.word(-1)
    return before in {")", "", "TRUE", "FALSE"} or before.isdecimal() or reader.word(-2) == "::"


def _create_head(reader: Reader) -> tuple[Mode, Name]:
    reader.expect("CREATE")
    mode = Mode.REPLACE if reader.take("OR", "REPLACE") else Mode.ALTER if reader.take("OR", "ALTER") else Mode.NEW
    reader.expect("TASK")
    if mode is Mode.NEW and reader.take("IF", "NOT", "EXISTS"):
        mode = Mode.KEEP
    return mode, dotted(reader)


@dataclass(slots=True)
class _Options:
    """FINALIZE stands apart, since its value names a task."""

    settings: list[Setting] = field(default_factory=list)
    tags: Pairs = field(default_factory=dict)
    contacts: Pairs = field(default_factory=dict)
    finalize: Name | None = None


def _read_options(reader: Reader, options: _Options) -> None:
    """The options up to AFTER, EXECUTE, WHEN or AS."""
    while not reader.at_end() and reader.word() not in {"AFTER", "EXECUTE", "WHEN", "AS"}:
        if reader.take("WITH", "TAG") or reader.take("TAG"):
            options.tags = _pairs(reader)
        elif reader.take("WITH", "CONTACT") or reader.take("CONTACT"):
            options.contacts = _pairs(reader)
        elif reader.take("FINALIZE", "="):
            if options.finalize is not None:
                raise refusals.duplicate_property("FINALIZE")
            options.finalize = _finalize(reader)
        else:
            options.settings.append(_setting(reader))
        reader.take(",")


def _setting(reader: Reader) -> Setting:
    spelled = _spelled(reader)
    reader.expect("=")
    start = reader.offset
    kind, value = _value(reader)
    return Setting(spelled.upper(), value, kind, reader.text[start : reader.done], spelled)


def _spelled(reader: Reader) -> str:
    """A name as it is written, once it is known to be one."""
    start = reader.offset
    reader.name()
    return reader.text[start : reader.done]


def _value(reader: Reader) -> tuple[Kind, str]:
    if reader.sees_string():
        return "text", reader.string()
    if sees_number(reader):
        return "number", decimal(reader)
    return "name", ".".join(dotted(reader))


def _finalize(reader: Reader) -> Name:
    if reader.sees_string():
        return dotted(Reader.of(reader.string()))
    if sees_number(reader):
        raise refusals.bad_parameter("FINALIZE", decimal(reader))
    return dotted(reader)


def _pairs(reader: Reader) -> Pairs:
    """`(name = value, …)`, as of tags and contacts."""
    reader.expect("(")
    pairs = dict(list_of(reader, _pair))
    reader.expect(")")
    return pairs


def _pair(reader: Reader) -> tuple[str, str]:
    name = ".".join(dotted(reader))
    reader.expect("=")
    return name, reader.string() if reader.sees_string() else ".".join(dotted(reader))


def parse_alter(text: str) -> Alter:
    """ALTER TASK: one clause a statement. Raises SqlError."""
    reader = Reader.of(text)
    reader.expect("ALTER", "TASK")
    if_exists = reader.take("IF", "EXISTS")
    name = dotted(reader)
    for words, read in CLAUSES.items():
        if reader.take(*words):
            action = read(reader)
            reader.finish()
            return Alter(name, if_exists, action)
    raise reader.unexpected()


def _refuse_dcm(_: Reader) -> Action:
    raise unsupported("UNSET DCM PROJECT")


def _settings(reader: Reader) -> Action:
    settings = [_setting(reader)]
    while not reader.at_end() and not reader.sees(";"):
        reader.take(",")
        settings.append(_setting(reader))
    return Set(tuple(settings))


CLAUSES: Mapping[tuple[str, ...], Callable[[Reader], Action]] = {
    ("RESUME",): lambda _: Resume(),
    ("SUSPEND",): lambda _: Suspend(),
    ("ADD", "AFTER"): lambda reader: AddAfter(list_of(reader, dotted)),
    ("REMOVE", "AFTER"): lambda reader: RemoveAfter(list_of(reader, dotted)),
    ("REMOVE", "WHEN"): lambda _: SetWhen(None),
    ("MODIFY", "AS"): lambda reader: SetBody(rest(reader)),
    ("MODIFY", "WHEN"): lambda reader: SetWhen(rest(reader)),
    ("UNSET", "DCM", "PROJECT"): _refuse_dcm,
    ("SET", "TAG"): lambda reader: SetTags(dict(list_of(reader, _pair))),
    ("UNSET", "TAG"): lambda reader: UnsetTags(tuple(map(".".join, list_of(reader, dotted)))),
    ("SET", "CONTACT"): lambda reader: SetContacts(dict(list_of(reader, _pair))),
    ("UNSET", "CONTACT"): lambda reader: UnsetContacts(list_of(reader, Reader.name)),
    ("SET", "EXECUTE", "AS", "USER"): lambda reader: SetExecuteAs(reader.name()),
    ("UNSET", "EXECUTE", "AS", "USER"): lambda _: SetExecuteAs(None),
    ("SET", "FINALIZE", "="): lambda reader: SetFinalize(_finalize(reader)),
    ("UNSET", "FINALIZE"): lambda _: SetFinalize(None),
    ("SET",): _settings,
    ("UNSET",): lambda reader: Unset(list_of(reader, _spelled)),
}
"""The clauses of ALTER TASK by their first words; longer ones stand before those they begin with."""


def parse_drop(text: str) -> Drop:
    reader = Reader.of(text)
    reader.expect("DROP", "TASK")
    drop = Drop(if_exists=reader.take("IF", "EXISTS"), name=dotted(reader))
    reader.finish()
    return drop


def parse_execute(text: str) -> Run | Retry:
    """EXECUTE TASK, its config, or which run it retries. Raises SqlError."""
    reader = Reader.of(text)
    reader.expect("EXECUTE", "TASK")
    name = dotted(reader)
    execute: Run | Retry
    if reader.take("RETRY", "LAST"):
        execute = Retry(name, None)
    elif reader.take("RETRY", "GRAPH", "RUN", "GROUP"):
        execute = Retry(name, reader.string())
    else:
        config = reader.string() if reader.take("USING", "CONFIG", "=") else None
        execute = Run(name, config, wait=reader.take("AWAIT"))
    reader.finish()
    return execute
