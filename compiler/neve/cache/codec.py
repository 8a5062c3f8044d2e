"""The compiler's values as plain data, which `marshal` takes, and back: by the types of their fields.

A field that is typed `Sequence` comes back unread, and is made when it is first looked at.
"""

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Plain = Any
"""Numbers, texts, None, and tuples, lists and mappings of such."""


class Codec(NamedTuple):
    """How the values of a type become plain data, and the way back; None where they are plain already."""

    pack: Callable[[Any], Plain] | None = None
    unpack: Callable[[Plain], Any] | None = None


_AS_IT_IS = Codec()


def pack(value: Any) -> Plain:
    """A dataclass as plain data."""
    packed = codec_of(type(value)).pack
    return packed(value) if packed else value


def unpack(kind: type[T], plain: Plain) -> T:
    """The dataclass again, of which `plain` was made."""
    unpacking = codec_of(kind).unpack
    made: T = unpacking(plain) if unpacking else plain
    return made


def codec_of(kind: Any) -> Codec:
    """The codec of a type: of dataclasses, enumerations, texts and numbers, and of tuples and mappings of those."""
    if kind not in _KNOWN:
        _KNOWN[kind] = _make(kind)
    return _KNOWN[kind]


_KNOWN: dict[Any, Codec] = {}


def _make(kind: Any) -> Codec:
    if kind is Any:
        return Codec(_plain)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_make"):
        return _named_tuple(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(lambda one: one.value, kind)
    return _generic(get_origin(kind), get_args(kind))


def _generic(origin: Any, given: tuple[Any, ...]) -> Codec:
    if origin is tuple:
        return _row(given[0]) if given[1:] == (...,) else _tuple([codec_of(part) for part in given])
    if origin is Sequence:
        return _later(_row(given[0]))
    if origin is Mapping:
        return _mapping(codec_of(given[1]))
    if NoneType in given:
        return _optional(*[codec_of(one) for one in given if one is not NoneType])
    return _AS_IT_IS


@dataclass(slots=True, eq=False)
class Later(Sequence[Any]):
    """A row of one value or more, which are made when one of them is asked for. `packed` stands for all of them."""

    packed: bytes
    _unpack: Callable[[Plain], tuple[Any, ...]]
    _made: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, at: Any) -> Any:
        return self._all()[at]

    def __iter__(self) -> Iterator[Any]:
        """The values once: they are not kept for this alone."""
        return iter(self._made or self._fresh())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def _all(self) -> tuple[Any, ...]:
        self._made = self._made or self._fresh()
        return self._made

    def _fresh(self) -> tuple[Any, ...]:
        return self._unpack(marshal.loads(self.packed))  # noqa: S302  from what was packed here


def _dataclass(kind: type) -> Codec:
    names = [field.name for field in fields(kind)]
    parts = _tuple([codec_of(field.type) for field in fields(kind)])
    read = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)
    packing, unpacking = parts.pack, parts.unpack
    return Codec(
        (lambda one: packing(read(one))) if packing else read,
        (lambda row: kind(*unpacking(row))) if unpacking else lambda row: kind(*row),
    )


def _named_tuple(kind: Any) -> Codec:
    packing, unpacking = _tuple([codec_of(part) for part in get_type_hints(kind).values()])
    return Codec(packing or tuple, (lambda row: kind._make(unpacking(row))) if unpacking else kind._make)


def _tuple(parts: Sequence[Codec]) -> Codec:
    """One codec a place; places that are plain already cost nothing."""
    packing = [(at, part.pack) for at, part in enumerate(parts) if part.pack]
    unpacking = [(at, part.unpack) for at, part in enumerate(parts) if part.unpack]
    return Codec(_changed(packing) if packing else None, _changed(unpacking) if unpacking else None)


def _changed(changes: Sequence[tuple[int, Callable[[Any], Any]]]) -> Callable[[Any], Any]:
    def change(row: Any) -> tuple[Any, ...]:
        made = list(row)
        for at, to in changes:
            made[at] = to(made[at])
        return tuple(made)

    return change


def _row(kind: Any) -> Codec:
    packing, unpacking = codec_of(kind)
    return Codec(
        (lambda row: tuple([packing(one) for one in row])) if packing else tuple,
        (lambda row: tuple([unpacking(one) for one in row])) if unpacking else None,
    )


def _later(row: Codec) -> Codec:
    packing, unpacking = row.pack or tuple, row.unpack or tuple
    return Codec(
        lambda one: marshal.dumps(packing(one)) if one else None,
        lambda packed: Later(packed, unpacking) if packed else (),
    )


def _mapping(part: Codec) -> Codec:
    packing, unpacking = part
    return Codec(
        (lambda one: {key: packing(value) for key, value in one.items()}) if packing else dict,
        (lambda one: {key: unpacking(value) for key, value in one.items()}) if unpacking else None,
    )


def _optional(part: Codec) -> Codec:
    packing, unpacking = part
    return Codec(
        (lambda one: None if one is None else packing(one)) if packing else None,
        (lambda one: None if one is None else unpacking(one)) if unpacking else None,
    )


def _plain(value: Any) -> Plain:
    """Data of YAML or Jinja, without what Jinja makes of a text to remember that it is safe."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value
