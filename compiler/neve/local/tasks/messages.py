"""SYSTEM$SEND_EMAIL and SYSTEM$SEND_SNOWFLAKE_NOTIFICATION: what they would send is written down, not sent."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error
from neve.local.tasks import notifications
from neve.local.tasks.access import service_of

if TYPE_CHECKING:
    from neve.local.session import Session


def send_email(session: "Session", integration: object, *told: object) -> str:
    """SYSTEM$SEND_EMAIL(integration, recipients, subject, text [, its type])"""
    if len(told) not in {3, 4}:
        raise compilation_error("SYSTEM$SEND_EMAIL takes an integration, recipients, a subject, a text and its type.")
    email = dict(zip(("recipients", "subject", "text", "type"), (*told, "text/plain"), strict=False))
    notifications.write(service_of(session), {"integration": integration, "email": email})
    return "true"


def send_notification(session: "Session", messages: object, integrations: object) -> str:
    """SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(message | messages, integration | integrations)"""
    for settings in _objects(integrations):
        for integration, told in settings.items():
            notification = {"messages": _objects(messages), **told}
            notifications.write(service_of(session), {"integration": integration, "notification": notification})
    return "Enqueued notifications."


def _objects(given: object) -> list[dict[str, Any]]:
    """One object in JSON, or an array of such."""
    try:
        read = json.loads(str(given))
    except ValueError as error:
        raise compilation_error(f"'{given}' is neither a message nor an integration in JSON.") from error
    return [
        json.loads(each) if isinstance(each, str) else each for each in (read if isinstance(read, list) else [read])
    ]


def _message(kind: str, _session: "Session", text: object) -> str:
    return json.dumps({kind: text}, ensure_ascii=False, separators=(",", ":"))


def _integration(_session: "Session", name: object) -> str:
    return json.dumps({str(name): {}}, separators=(",", ":"))


def _email_integration(_session: "Session", name: object, subject: object, *addresses: object) -> str:
    """The subject, and up to three arrays: to, cc, bcc."""
    settings: dict[str, Any] = {"subject": subject}
    settings |= {
        field: json.loads(str(given))
        for field, given in zip(("toAddress", "ccAddress", "bccAddress"), addresses, strict=False)
        if given is not None
    }
    return json.dumps({str(name): settings}, ensure_ascii=False, separators=(",", ":"))


FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "SYSTEM$SEND_EMAIL": send_email,
    "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION": send_notification,
    "SNOWFLAKE.NOTIFICATION.TEXT_PLAIN": partial(_message, "text/plain"),
    "SNOWFLAKE.NOTIFICATION.TEXT_HTML": partial(_message, "text/html"),
    "SNOWFLAKE.NOTIFICATION.APPLICATION_JSON": partial(_message, "application/json"),
    "SNOWFLAKE.NOTIFICATION.INTEGRATION": _integration,
    "SNOWFLAKE.NOTIFICATION.EMAIL_INTEGRATION_CONFIG": _email_integration,
}
