"""Results and errors as the connector reads them."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import SqlError
from neve.local.protocol.arrow import to_wire
from neve.local.result import Column, Result

if TYPE_CHECKING:
    from neve.local.protocol.jobs import Job
    from neve.local.session import Session

_DML = frozenset({r.DML, r.INSERT, r.UPDATE, r.DELETE, r.MERGE, r.MULTI_INSERT})


def success(session: "Session", result: Result, job: "Job | None" = None) -> dict[str, Any]:
    """The answer that carries a result; of several statements, also the ids of the others."""
    data = {
        "parameters": _told(session),
        "rowtype": [row_type(column) for column in result.columns],
        "total": result.table.num_rows,
        "returned": result.table.num_rows,
        "queryId": result.query_id,
        "databaseProvider": None,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalWarehouseName": session.warehouse,
        "finalRoleName": session.role,
        "numberOfBinds": 0,
        "arrayBindSupported": False,
        "statementTypeId": result.statement_type,
        "version": 1,
        **_rows(result),
    }
    if job is not None and len(job.results) > 1:
        data["resultIds"] = ",".join(one.query_id for one in job.results[1:])
        data["resultTypes"] = ",".join(str(one.statement_type) for one in job.results[1:])
    return {"success": True, "code": None, "message": None, "data": data}


def _told(session: "Session") -> list[dict[str, Any]]:
    """The parameters that change how the connector shows values."""
    return [{"name": name, "value": session.parameter(name)} for name in ("TIMEZONE",)]


def _rows(result: Result) -> dict[str, Any]:
    """Counts of DML go as JSON, where the connector looks for them; everything else as Arrow. A result without rows has
    no stream at all: the connector makes empty frames from the row type.
    """
    if result.statement_type in _DML:
        rows = [[None if value is None else str(value) for value in row] for row in result.rows]
        return {"queryResultFormat": "json", "rowset": rows}
    stream = to_wire(result) if result.table.num_rows else b""
    return {"queryResultFormat": "arrow", "rowsetBase64": b64encode(stream).decode()}


def row_type(column: Column) -> dict[str, Any]:
    kind = column.type
    return {
        "name": column.name,
        "database": "",
        "schema": "",
        "table": "",
        "type": kind.kind.lower(),
        "nullable": column.nullable,
        "byteLength": min(kind.length * 4, 16_777_216) if kind.kind == "TEXT" else kind.length or None,
        "length": kind.length or None,
        "precision": kind.precision if kind.kind == "FIXED" else 0 if kind.scale else None,
        "scale": kind.scale if kind.kind == "FIXED" or kind.scale else None,
        "collation": None,
    }


def failure(session: "Session", error: SqlError, query_id: str) -> dict[str, Any]:
    data = {
        "internalError": error.code == 603,
        "errorCode": f"{error.code:06d}",
        "age": 0,
        "sqlState": error.sqlstate,
        "queryId": query_id,
        "line": -1,
        "pos": -1,
        "type": "COMPILATION",
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
    }
    return {"success": False, "code": f"{error.code:06d}", "message": error.message, "data": data}


def described(session: "Session", body: dict[str, Any]) -> dict[str, Any]:
    """The columns of a statement that is not run."""
    from neve.local.protocol.bindings import read_bindings
    from neve.local.translate.describe import describe

    try:
        columns, statement_type = describe(session, str(body.get("sqlText") or ""), read_bindings(body.get("bindings")))
    except SqlError as error:
        return failure(session, error, "")
    result = r.from_rows(columns, [], statement_type=statement_type)
    answer = success(session, result)
    answer["data"]["arrayBindSupported"] = statement_type == r.INSERT
    return answer
