"""The way to an account, one check after the other. What a check tells never holds a secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from neve.deploy.connect import Account, account_arguments, local_arguments, open_account
from neve.deploy.errors import NeveError, SqlError
from neve.deploy.live import has_schema
from neve.deploy.redact import is_secret, redact
from neve.ir import Project, Target
from neve.names import qualified


@dataclass(frozen=True, slots=True)
class Checked:
    """One step of the way: whether it can be gone, what was found, and what to do when it cannot."""

    step: str
    ok: bool
    told: str
    hint: str = ""


def check_way(project: Project, root: Path) -> Iterator[Checked]:
    """Check the way to the project's target; ends with the first step that cannot be gone."""
    target = project.target
    try:
        arguments = local_arguments(root) if target.engine == "local" else account_arguments(target)
        yield Checked("connection", ok=True, told=_arguments(arguments))
        with open_account(target, root) as account:
            yield from _inside(account, target)
    except SqlError as error:
        yield Checked("statement", ok=False, told=redact(error.message))
    except NeveError as error:
        yield Checked("login", ok=False, told=redact(error.message), hint=error.hint)


def _arguments(arguments: dict[str, object]) -> str:
    shown = {
        key: "***" if is_secret(key) else value for key, value in arguments.items() if isinstance(value, str | int)
    }
    return ", ".join(f"{key}={value}" for key, value in shown.items())


def _inside(account: Account, target: Target) -> Iterator[Checked]:
    (row,) = account.execute(
        "SELECT CURRENT_ACCOUNT() AS account, CURRENT_USER() AS user_name, CURRENT_ROLE() AS role,"
        " CURRENT_WAREHOUSE() AS warehouse, CURRENT_VERSION() AS version"
    )
    yield Checked("login", ok=True, told=f"{row['user_name']} at {row['account']}, version {row['version']}")
    yield _pinned("role", row["role"], target.role, f"grant role {target.role} to the user")
    yield _pinned("warehouse", row["warehouse"], target.warehouse, f"grant usage on warehouse {target.warehouse}")
    schema = qualified(target.database, target.schema)
    there = has_schema(account, (target.database, target.schema))
    yield Checked("schema", ok=True, told=schema if there else f"{schema} is not there yet: neve apply makes it")
    graphs = f"SELECT COUNT(*) AS n FROM TABLE({qualified(target.database)}.INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS())"
    yield _answers(account, "task history", graphs, "can be read", "grant monitor execution on account to the role")


def _pinned(what: str, found: str | None, wanted: str | None, hint: str) -> Checked:
    if wanted and (found or "").upper() != wanted.upper():
        return Checked(what, ok=False, told=f"is {found or 'not set'}, the target wants {wanted}", hint=hint)
    return Checked(what, ok=True, told=found or "none (serverless)" if what == "warehouse" else found or "none")


def _answers(account: Account, what: str, sql: str, told: str, hint: str) -> Checked:
    try:
        account.execute(sql)
    except SqlError as error:
        return Checked(what, ok=False, told=redact(error.message.splitlines()[-1]), hint=hint)
    return Checked(what, ok=True, told=told)
