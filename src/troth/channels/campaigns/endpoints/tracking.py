"""Webhooks of mail providers, read and checked by django-anymail.

Provider and secrets stand in the installation's settings (`[anymail]` of settings.toml, in
anymail's own words). Without `WEBHOOK_SECRET` or the provider's signing key nothing is taken. What
is kept of an event is what became of the copy; its text and addresses go no further.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from anymail.signals import (  # type: ignore[import-untyped]
    AnymailTrackingEvent,
    EventType,
    tracking,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from troth.channels.campaigns import delivered, tokens
from troth.channels.campaigns.leaving import leave

PROVIDERS: Final = {
    "brevo": "Brevo",
    "mailersend": "MailerSend",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "postal": "Postal",
    "postmark": "Postmark",
    "resend": "Resend",
    "sendgrid": "SendGrid",
    "sparkpost": "SparkPost",
}
_KEYS: Final = (
    "WEBHOOK_SECRET",
    "SIGNING_KEY",
    "SIGNING_SECRET",
    "WEBHOOK_KEY",
    "VERIFICATION_KEY",
)
_GONE: Final = ("bounced", "invalid")


@csrf_exempt  # a machine of the provider; anymail checks its signature or its password
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Tracking events of one provider. 404 for one that no secret is set for."""
    name = PROVIDERS.get(provider)
    secrets = getattr(settings, "ANYMAIL", {})
    set_ = any(
        value
        for key, value in secrets.items()
        if key == "WEBHOOK_SECRET" or (key.startswith(provider.upper()) and key.endswith(_KEYS))
    )
    if name is None or not set_:
        raise Http404
    view = getattr(import_module(f"anymail.webhooks.{provider}"), f"{name}TrackingWebhookView")
    answer: HttpResponse = view.as_view()(request)
    return answer


def connect() -> None:
    tracking.connect(on_event, dispatch_uid="troth.campaigns")


def on_event(sender: Any, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """One event, in the scope of the organisation whose host was called."""
    try:
        copy = _copy(event)
    except tokens.CopyMissing:
        return  # of other mail, or of a letter that is gone
    match event.event_type:
        case EventType.BOUNCED | EventType.REJECTED | EventType.FAILED:
            gone = event.reject_reason in _GONE
            delivered.bounced(copy, status="5.0.0", hard=True, gone=gone)
        case EventType.DEFERRED:
            delivered.delayed(copy, status="4.0.0")
        case EventType.COMPLAINED:
            delivered.complained(copy)
        case EventType.UNSUBSCRIBED:
            leave(copy, way="provider")
        case _:
            return


def _copy(event: AnymailTrackingEvent) -> Any:
    return tokens.copy_of_message(f"{str(event.message_id or '').strip('<>')}@")
