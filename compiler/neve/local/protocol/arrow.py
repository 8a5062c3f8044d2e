"""A Result as the Arrow stream that the connector reads: timestamps as structs, times as integers, metadata."""

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from neve.local.result import SEMI_STRUCTURED, Result, pretty_json
from neve.local.types import SqlType

if TYPE_CHECKING:
    import pyarrow as pa


def to_wire(result: Result) -> bytes:
    """The bytes of an Arrow IPC stream."""
    import pyarrow as pa

    arrays, fields = [], []
    for index, column in enumerate(result.columns):
        array = _encoded(column.type, result.table.column(index).combine_chunks())
        arrays.append(array)
        fields.append(pa.field(column.name, array.type, column.nullable, _metadata(column.type)))
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _metadata(kind: SqlType) -> dict[str, str]:
    return {
        "logicalType": kind.kind,
        "precision": str(kind.precision or 38),
        "scale": str(kind.scale),
        "charLength": str(kind.length),
        "byteLength": "16" if kind.kind == "TIMESTAMP_TZ" else str(kind.length),  # three fields, not two
    }


def _encoded(kind: SqlType, array: "pa.Array") -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks else pa.array([], array.type)
    if kind.kind == "FIXED":
        return _fixed(array)
    if kind.kind in SEMI_STRUCTURED:
        return pa.array([None if v is None else pretty_json(v) for v in array.to_pylist()], pa.string())
    if kind.kind.startswith("TIMESTAMP") and not pa.types.is_null(array.type):
        return _timestamp(kind, array)
    if kind.kind == "TIME":
        return pc.multiply(array.cast(pa.time64("us")).cast(pa.int64()), 1000)
    if kind.kind == "TEXT" and not pa.types.is_string(array.type):
        return array.cast(pa.string())
    return array


def _fixed(array: "pa.Array") -> Any:
    """Numbers without their point in 64 bits when they fit, as Snowflake sends them: pandas has floats of them then."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_uint64(array.type):
        array = array.cast(pa.decimal128(20, 0))
    if not pa.types.is_decimal(array.type):
        return array.cast(pa.int64())
    wide = array.cast(pa.decimal128(38, array.type.scale))
    extremes = pc.min_max(wide).as_py()
    most = max((abs(value) for value in extremes.values() if value is not None), default=Decimal(0))
    if most.scaleb(wide.type.scale, _CONTEXT) >= 2**63:
        return wide
    return _low_halves(wide) if wide.type.scale else wide.cast(pa.int64())


_CONTEXT = Context(prec=80)


def _low_halves(wide: "pa.Array") -> Any:
    """The lower 64 bits of decimals of 128, which are whole numbers in two halves."""
    import pyarrow as pa
    import pyarrow.compute as pc

    _, values = wide.buffers()
    halves = pa.Array.from_buffers(pa.int64(), 2 * (len(wide) + wide.offset), [None, values])
    pairs = pa.FixedSizeListArray.from_arrays(halves, 2).slice(wide.offset, len(wide))
    return pc.if_else(wide.is_valid(), pc.list_element(pairs, 0), pa.scalar(None, pa.int64()))


def _timestamp(kind: SqlType, array: "pa.Array") -> Any:
    """Seconds and nanoseconds; with a time zone, also the offset in minutes plus 1440."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zone = array.type.tz
    instants = array.cast(pa.timestamp("ns", zone) if array.type.unit == "ns" else pa.timestamp("us", zone))
    per_second = 1_000_000_000 if instants.type.unit == "ns" else 1_000_000
    count = instants.cast(pa.int64())
    epoch = _floor_divide(count, per_second)
    fraction = pc.multiply(pc.subtract(count, pc.multiply(epoch, per_second)), 1_000_000_000 // per_second)
    fields = [("epoch", epoch), ("fraction", fraction.cast(pa.int32()))]
    if kind.kind == "TIMESTAMP_TZ":
        fields.append(("timezone", _offsets(instants, zone)))
    return pa.StructArray.from_arrays(
        [values for _, values in fields],
        fields=[pa.field(name, values.type) for name, values in fields],
        mask=array.is_null(),
    )


def _floor_divide(count: "pa.Array", by: int) -> Any:
    import pyarrow.compute as pc

    quotient = pc.divide(count, by)
    below = pc.less(pc.subtract(count, pc.multiply(quotient, by)), 0)
    return pc.subtract(quotient, below.cast("int64"))


def _offsets(instants: "pa.Array", zone: str | None) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if zone in {None, "UTC", "Etc/UTC"}:
        return pc.add(pc.multiply(instants.cast(pa.int64()), 0), 1440).cast(pa.int32())
    local = pc.local_timestamp(instants).cast(pa.int64())
    difference = pc.subtract(local, instants.cast(pa.int64()))
    per_minute = 60_000_000_000 if instants.type.unit == "ns" else 60_000_000
    return pc.add(pc.divide(difference, per_minute), 1440).cast(pa.int32())
