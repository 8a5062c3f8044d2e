"""SYSTEM$SEND_EMAIL and SYSTEM$SEND_SNOWFLAKE_NOTIFICATION: what they would send is written down, not sent."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error
from neve.local.tasks import notifications
from neve.local.tasks.access import service_of

if TYPE_CHECKING:
    from neve.local.session import Session


def send_email(  # noqa: PLR0913, PLR0917 - what users write
    session: "Session",
    integration: object,
    recipients: object,
    subject: object,
    text: object,
    kind: object = "text/plain",
) -> str:
    """SYSTEM$SEND_EMAIL(integration, recipients, subject, text [, its type])"""
    email = {"recipients": recipients, "subject": subject, "text": text, "type": kind}
    notifications.write(service_of(session), {"integration": integration, "email": email})
    return "true"


def send_notification(session: "Session", messages: object, integrations: object) -> str:
    """SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(message | messages, integration | integrations)"""
    for settings in _objects(integrations):
        for integration, told in settings.items():
            if not isinstance(told, dict):
                raise _neither(integrations)
            notification = {"messages": _objects(messages), **told}
            notifications.write(service_of(session), {"integration": integration, "notification": notification})
    return "Enqueued notifications."


def _objects(given: object) -> list[dict[str, Any]]:
    """One object in JSON, or an array of such."""
    try:
        read = json.loads(str(given))
        each = read if isinstance(read, list) else [read]
        found = [json.loads(one) if isinstance(one, str) else one for one in each]
    except ValueError:
        raise _neither(given) from None
    if not all(isinstance(one, dict) for one in found):
        raise _neither(given)
    return found


def _neither(given: object) -> SqlError:
    return compilation_error(f"'{given}' is neither a message nor an integration in JSON.")


def _message(kind: str, _session: "Session", text: object) -> str:
    return json.dumps({kind: text}, ensure_ascii=False, separators=(",", ":"))


def _integration(_session: "Session", name: object) -> str:
    return json.dumps({str(name): {}}, separators=(",", ":"))


def _email_integration(
    _session: "Session", name: object, subject: object, to: object = None, cc: object = None, bcc: object = None
) -> str:
    """The subject, and up to three arrays: to, cc, bcc."""
    addresses = {"toAddress": to, "ccAddress": cc, "bccAddress": bcc}
    settings = {"subject": subject} | {
        field: _addresses(given) for field, given in addresses.items() if given is not None
    }
    return json.dumps({str(name): settings}, ensure_ascii=False, separators=(",", ":"))


def _addresses(given: object) -> list[Any]:
    try:
        read = json.loads(str(given))
    except ValueError:
        read = None
    if not isinstance(read, list):
        raise compilation_error(f"'{given}' is not an array of addresses.")
    return read


def _sanitized(_session: "Session", text: object) -> str:
    """SANITIZE_WEBHOOK_CONTENT: without what a webhook would take for its secret."""
    return str(text).replace("SNOWFLAKE_WEBHOOK_SECRET", "")


FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "SYSTEM$SEND_EMAIL": send_email,
    "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION": send_notification,
    "SNOWFLAKE.NOTIFICATION.TEXT_PLAIN": partial(_message, "text/plain"),
    "SNOWFLAKE.NOTIFICATION.TEXT_HTML": partial(_message, "text/html"),
    "SNOWFLAKE.NOTIFICATION.APPLICATION_JSON": partial(_message, "application/json"),
    "SNOWFLAKE.NOTIFICATION.INTEGRATION": _integration,
    "SNOWFLAKE.NOTIFICATION.EMAIL_INTEGRATION_CONFIG": _email_integration,
    "SNOWFLAKE.NOTIFICATION.SANITIZE_WEBHOOK_CONTENT": _sanitized,
}
