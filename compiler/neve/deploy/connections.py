"""Snowflake's own places for connections, read in the order that the Snowflake CLI documents.

The environment of a connection (SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>), then connections.toml or config.toml, then the
environment of all (SNOWFLAKE_<KEY>).
"""

import os
from collections.abc import Mapping
from typing import Any

from neve.deploy.errors import Unreachable

_ALIASES = {"private_key_path": "private_key_file", "username": "user", "accountname": "account"}
GENERIC = (
    "account", "user", "password", "host", "port", "protocol", "region", "role", "warehouse", "authenticator",
    "private_key_file", "private_key_path", "private_key_file_pwd", "private_key_passphrase", "token",
    "token_file_path", "workload_identity_provider", "oauth_client_id", "oauth_client_secret",
    "oauth_authorization_url", "oauth_token_request_url", "oauth_redirect_uri", "oauth_scope", "passcode",
)  # fmt: skip
_NUMBERS = {"port", "login_timeout", "network_timeout", "socket_timeout"}


def gather(name: str | None, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The connector's arguments for the connection `name`; None is the default one, if there is any.

    Raises Unreachable when the name is unknown and the environment holds nothing for it, or a file cannot be read.
    """
    known = _files()
    name = name or environ.get("SNOWFLAKE_DEFAULT_CONNECTION_NAME") or _default_name()
    own = _prefixed(environ, f"SNOWFLAKE_CONNECTIONS_{name.upper()}_") if name else {}
    generic = {key: environ[f"SNOWFLAKE_{key.upper()}"] for key in GENERIC if environ.get(f"SNOWFLAKE_{key.upper()}")}
    filed = next((dict(values) for key, values in known.items() if name and key.lower() == name.lower()), None)
    if filed is None and not own and "account" not in generic:
        raise Unreachable(
            f"there is no connection {name!r}; known are: {', '.join(sorted(known)) or 'none'}",
            f"add [{name}] to ~/.snowflake/connections.toml, or set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER ...",
        )
    merged = _named({**_named(generic), **_named(filed or {}), **_named(own)})
    return _as_the_connector_wants(merged)


def same_account(one: str, other: str) -> bool:
    """Whether two spellings name one account: case, `_` for `-`, and the region at the end do not count."""
    return _account(one) == _account(other)


def _account(name: str) -> str:
    return name.lower().removesuffix(".snowflakecomputing.com").split(".", 1)[0].replace("_", "-")


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_ALIASES.get(key, key): value for key, value in values.items()}


def _prefixed(environ: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {key[len(prefix) :].lower(): value for key, value in environ.items() if key.upper().startswith(prefix)}


def _as_the_connector_wants(arguments: dict[str, Any]) -> dict[str, Any]:
    """Numbers as such; the passphrase under the connector's own name; a token itself instead of where it lies."""
    passphrase = arguments.pop("private_key_passphrase", None)
    if passphrase:
        arguments.setdefault("private_key_file_pwd", passphrase)
    path = arguments.pop("token_file_path", None)
    if path and "token" not in arguments:
        arguments["token"] = _read(path)
    return {key: _number(key, value) if key in _NUMBERS else value for key, value in arguments.items()}


def _number(key: str, value: Any) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise Unreachable(f"{key} of the connection is {value!r}, which is no number") from error


def _read(path: str) -> str:
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as file:  # noqa: PTH111, PTH123 (as plain as it gets)
            return file.read().strip()
    except OSError as error:
        raise Unreachable(f"cannot read the token file {path}: {error.strerror}") from error


def _files() -> dict[str, Any]:
    import warnings

    from snowflake.connector.config_manager import CONFIG_MANAGER
    from snowflake.connector.errors import Error

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: Any = CONFIG_MANAGER["connections"]
            return dict(found)
    except Error as error:
        raise Unreachable(f"cannot read Snowflake's connections: {error}") from error


def _default_name() -> str:
    from snowflake.connector.config_manager import CONFIG_MANAGER

    return str(CONFIG_MANAGER["default_connection_name"])
