"""Functions about the session."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    from neve.local.engine import ACCOUNT

    values = {
        exp.CurrentDatabase: lambda s: s.database,
        exp.CurrentSchema: lambda s: s.schema,
        exp.CurrentRole: lambda s: s.role,
        exp.CurrentWarehouse: lambda s: s.warehouse,
        exp.CurrentUser: lambda s: s.user,
        exp.CurrentAccount: lambda _: ACCOUNT.upper(),
        exp.CurrentAccountName: lambda _: ACCOUNT.upper(),
        exp.CurrentOrganizationName: lambda _: "NEVE",
        exp.CurrentRegion: lambda _: "LOCAL",
        exp.CurrentSession: lambda s: str(s.id),
        exp.CurrentVersion: lambda _: "10.0.0",
        exp.CurrentClient: lambda _: "PythonConnector",
        exp.CurrentIpAddress: lambda _: "127.0.0.1",
        exp.CurrentTransaction: lambda s: s.transaction if s.in_transaction else None,
        exp.CurrentSecondaryRoles: lambda _: '{"roles":"","value":""}',
        exp.CurrentAvailableRoles: lambda s: f'["{s.role}"]',
        exp.CurrentSchemas: lambda s: f'["{s.database}.{s.schema}"]' if s.schema else "[]",
        exp.CurrentStatement: lambda s: s.statement,
    }
    return {node: _rule(value) for node, value in values.items()}


def of_readers() -> "tuple[type[exp.Expr], ...]":
    """Those whose value in a view is another for another reader."""
    from sqlglot import exp

    return (exp.CurrentRole, exp.CurrentWarehouse, exp.CurrentSession, exp.CurrentTransaction, exp.CurrentStatement)


def _rule(value: Any) -> Any:
    def told(session: "Session", node: "exp.Expr") -> "exp.Expr":
        from neve.local.translate.build import cast

        del node
        from sqlglot import exp

        text = value(session)
        return cast(exp.Null(), "VARCHAR") if text is None else exp.Literal.string(text)

    return told
